import { readFileSync, statSync } from 'node:fs';
import { bundle } from '@scalar/json-magic/bundle';
import { upgrade } from '@scalar/openapi-upgrader';
import { parseDocument } from 'yaml';
import { CommbenchError, unreadableText } from '../../../kernel/errors.ts';
import { isMapping } from '../../../scenario/load/mapping.ts';
import { plain } from './styles.ts';

/** Descriptions of large services have some MB, in one file or several. */
const MAX_BYTES = 40 * 1024 * 1024;
const MAX_FILES = 2000;
const MAX_ALIASES = 100;
/** A reference to a reference to ...: more is a circle. */
const MAX_HOPS = 50;
/** Stands in the place of a file that was refused: it matters only to the operations that refer to it. */
const REFUSED = 'x-commbench-refused';

/** A whole OpenAPI document in the dialect of 3.1; all references in it are local. */
export interface ApiDocument {
  readonly api: Readonly<Record<string, unknown>>;
  /** The value that a reference leads to. @throws CommbenchError bad-option where it leads nowhere, or to what was refused */
  readonly resolve: Resolve;
}
export type Resolve = (ref: string) => unknown;

/**
 * Reads OpenAPI 2.0 to 3.2 with every file that it refers to. Nothing is fetched from a network.
 * @throws CommbenchError bad-option where the file itself is no such document
 */
export async function readApi(file: string): Promise<ApiDocument> {
  const read = boundedReader();
  const root = read(file);
  if (!isMapping(root) || versionOf(root) === undefined) {
    throw bad(file, 'it has no `openapi: 3.…` or `swagger: "2.0"`');
  }
  const loader = {
    type: 'loader' as const,
    validate: () => true,
    exec: async (ref: string) => ({ ok: true as const, data: readReferred(ref, read), raw: '' }),
  };
  mappingsAsRefs(root);
  const whole = await bundle(root, {
    plugins: [loader],
    origin: file,
    treeShake: false,
  });
  const flat = withPathItems(whole as Tree, (ref) => pointedAt(whole, ref, file));
  const api = upgrade(flat, '3.1') as Tree;
  return { api, resolve: (ref) => pointedAt(api, ref, file) };
}

type Tree = Readonly<Record<string, unknown>>;

function versionOf({ openapi, swagger }: Tree): string | undefined {
  const version = plain(openapi ?? swagger);
  return /^(2\.0|3\.[0-9]+)(\.|$)/.test(version) ? version : undefined;
}

function boundedReader(): (file: string) => unknown {
  let bytes = 0;
  let files = 0;
  return (file) => {
    const text = readText(file, MAX_BYTES - bytes);
    bytes += text.length;
    files++;
    if (files > MAX_FILES) throw bad(file, `it refers to more than ${MAX_FILES} files`);
    return parsed(text, file);
  };
}

function readText(file: string, most: number): string {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new CommbenchError('bad-option', `--from: ${file} is not a regular file`);
    if (found.size <= most) return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw new CommbenchError('bad-option', `--from: ${unreadableText(file, error)}`);
  }
  throw bad(file, `it and what it refers to have more than ${MAX_BYTES / 1024 / 1024} MB`);
}

/** JSON by its own parser, which is many times faster; all else is YAML. */
function parsed(text: string, file: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML in flow style begins alike.
    }
  }
  const document = parseDocument(text, { stringKeys: true, prettyErrors: false });
  const [error] = document.errors;
  if (error) throw bad(file, `invalid YAML: ${error.message}`);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (problem) {
    if (problem instanceof ReferenceError)
      throw bad(file, 'it has too many YAML aliases; write it as JSON first');
    throw problem;
  }
}

function readReferred(ref: string, read: (file: string) => unknown): unknown {
  if (/^[a-z][a-z0-9+.-]*:/i.test(ref))
    return { [REFUSED]: `it refers to the network, ${ref}, which is never read` };
  try {
    const found = read(ref);
    mappingsAsRefs(found);
    return found;
  } catch (error) {
    if (error instanceof CommbenchError)
      return { [REFUSED]: error.message.replace(/^--from: /, 'it refers to a file: ') };
    throw error;
  }
}

/** Names of definitions that stand for the values of a discriminator's mapping. */
export const MAPPED = 'x-commbench-mapped ';

/** A discriminator names other schemas by plain texts. As references, in the schema's own definitions, they are found in other files too. */
function mappingsAsRefs(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const { discriminator } = value as { discriminator?: unknown };
  const mapping = isMapping(discriminator) ? discriminator['mapping'] : undefined;
  if (isMapping(mapping)) {
    const refs = Object.entries(mapping).flatMap(([key, name]) => {
      if (typeof name !== 'string') return [];
      const isName = /^[\w.-]+$/.test(name) && !/\.(ya?ml|json)$/.test(name);
      return [[MAPPED + key, { $ref: isName ? `#/components/schemas/${name}` : name }]];
    });
    const holder = value as { $defs?: object };
    holder.$defs = { ...holder.$defs, ...(Object.fromEntries(refs) as object) };
  }
  for (const child of Object.values(value)) mappingsAsRefs(child);
}

/** Operations, parameters and responses of other files in their places: the upgrade from 2.0 looks for them there. */
function withPathItems(api: Tree, resolve: Resolve): Tree {
  if (!isMapping(api['paths'])) return api;
  const whole = (value: unknown): unknown => {
    try {
      return followed(value, resolve);
    } catch (error) {
      if (!(error instanceof CommbenchError)) throw error;
      return { [REFUSED]: error.message };
    }
  };
  const list = (value: unknown) => (Array.isArray(value) ? value.map(whole) : []);
  const paths = Object.entries(api['paths']).map(([path, found]) => {
    const item = whole(found);
    if (!isMapping(item)) return [path, item];
    const entries = Object.entries(item).map(([key, value]) => {
      if (key === 'parameters') return [key, list(value)];
      const operation = whole(value);
      if (!isMapping(operation) || !Array.isArray(operation['parameters'])) return [key, operation];
      return [key, { ...operation, parameters: list(operation['parameters']) }];
    });
    return [path, Object.fromEntries(entries)];
  });
  return { ...api, paths: Object.fromEntries(paths) };
}

/**
 * What a value with a `$ref` stands for; its other fields take precedence.
 * @throws CommbenchError bad-option where the reference leads nowhere
 */
export function followed(value: unknown, resolve: Resolve): unknown {
  let at = value;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    if (!isMapping(at) || typeof at['$ref'] !== 'string') return at;
    const { $ref, ...beside } = at;
    const target = resolve($ref);
    at = isMapping(target)
      ? { ...target, ...beside, ...('$ref' in target ? { $ref: target['$ref'] } : {}) }
      : target;
  }
  throw new CommbenchError('bad-option', `circular reference ${plain((value as Tree)['$ref'])}`);
}

/** JSON Pointer, RFC 6901, in a URI fragment. */
function pointedAt(root: unknown, ref: string, file: string): unknown {
  const keys = ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((_, i, all) => all.length > 1 || all[i] !== '')
    .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = root;
  for (const key of keys) {
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as never)[key] : undefined;
    assertReadable(at);
  }
  if (at === undefined) throw bad(file, `unresolved reference ${ref}`);
  return at;
}

/** Why the value is not what the document names, where it stands for what was refused. */
export function refusalOf(value: unknown): string | undefined {
  return isMapping(value) && typeof value[REFUSED] === 'string' ? value[REFUSED] : undefined;
}

/** @throws CommbenchError where the value stands for what was refused */
export function assertReadable(value: unknown): void {
  const refusal = refusalOf(value);
  if (refusal !== undefined) throw new CommbenchError('bad-option', refusal);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bad(file: string, found: string): CommbenchError {
  return new CommbenchError('bad-option', `--from: ${file} is not a valid OpenAPI document: ${found}`);
}
