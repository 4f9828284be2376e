import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** Parsed .proto files: the named one, and all it imports that was found. */
export interface LoadedProto {
  readonly root: protobuf.Root;
}

/** Both the source and the compiled file are at this depth below the folder with `proto`. */
const OWN = fileURLToPath(new URL('../../../proto/well-known/', import.meta.url));

/**
 * Reads a .proto file. An import that is nowhere matters only if a message needs a type of it: mostly it has annotations.
 * @param include folders in which imports are searched first
 * @throws Error where it cannot be parsed, or where a type is missing; names the imports that were not found
 */
export function loadProto(file: string, include: readonly string[] = []): LoadedProto {
  const root = new protobuf.Root();
  const missing: string[] = [];
  const folders = [...include, ...foldersFor(file), ...wellKnownFolders()];
  root.resolvePath = (_origin, target) => {
    if (path.isAbsolute(target)) return target;
    const found = folders.map((folder) => path.join(folder, target)).find(isReadable);
    if (found === undefined) missing.push(target);
    return found ?? null;
  };
  try {
    root.loadSync(file, { keepCase: true });
    root.resolveAll();
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message;
    if (missing.length === 0) throw new Error(reason, { cause: error });
    throw new Error(`${reason}; imports that were not found: ${missing.join(', ')}`, { cause: error });
  }
  return { root };
}

/** Folders to find imports in: the file's own, and those above it, from which protoc is run. */
function foldersFor(proto: string): string[] {
  const folder = path.dirname(proto);
  return folder === path.dirname(folder) ? [folder] : [folder, ...foldersFor(folder)];
}

/** Files that nearly every service imports: of packages that ship them, then of our own. */
function wellKnownFolders(): string[] {
  const { resolve } = createRequire(import.meta.url);
  const library = path.dirname(resolve('protobufjs/package.json'));
  const grpc = path.join(path.dirname(resolve('@grpc/grpc-js/package.json')), 'proto');
  return [library, path.join(grpc, 'protoc-gen-validate'), OWN];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
