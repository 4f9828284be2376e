import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSourceFile, type SourceFile } from './source-file.ts';
import type { LayerTable } from '../layers.ts';

/** A repository as the rules see it. */
export interface Tree {
  readonly root: string;
  readonly layers: LayerTable;
  /** The program's own: all of `src`. */
  readonly sources: readonly SourceFile[];
  /** The launcher's: all of `bin` that is JavaScript. */
  readonly launcher: readonly SourceFile[];
  /** What tries the program: `test`, `bench` and `prove`. */
  readonly trying: readonly SourceFile[];
  /** Every file of the folders that people open, from the root. */
  readonly files: readonly string[];
}

const FOLDERS = ['src', 'bin', 'test', 'prove', 'bench', 'docs', 'scenarios'];
/** Defects made on purpose. */
const SEEDED = 'test/shape/fixtures/';

export function readTree(root: string, layers: LayerTable): Tree {
  const files = FOLDERS.flatMap((folder) => filesUnder(root, folder)).filter(
    (file) => !file.startsWith(SEEDED),
  );
  const read = (names: RegExp) =>
    files.filter((file) => names.test(file)).map((file) => readSourceFile(root, file));
  return {
    root,
    layers,
    files,
    sources: read(/^src\/.*\.ts$/),
    launcher: read(/^bin\/.*\.js$/),
    trying: read(/^(test|bench|prove)\/.*\.ts$/),
  };
}

/** Undefined where there is none. */
export function readText(tree: Tree, file: string): string | undefined {
  const place = path.join(tree.root, file);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

function filesUnder(root: string, folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !file.includes('node_modules/'))
    .toSorted();
}
