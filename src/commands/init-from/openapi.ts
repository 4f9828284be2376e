import { type Document, parseDocument } from 'yaml';
import { CommbenchError } from '../../kernel/errors.ts';
import { isLoopbackAddress } from '../../platform/net/loopback.ts';
import { exampleOf, type Resolve, type Schema, withoutHoles } from './example-of-schema.ts';
import type { FoundCall } from './found-call.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const FALLBACK = 'http://127.0.0.1:8080';
/** A reference to a reference to ...: more is a circle. */
const MAX_HOPS = 50;

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Body {
  readonly $ref?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, unknown>>;
  readonly security?: readonly object[];
}
type PathItem = { readonly $ref?: string; readonly parameters?: readonly Parameter[] } & Readonly<
  Partial<Record<(typeof METHODS)[number], Operation>>
>;
interface ApiServer {
  readonly url?: string;
  readonly variables?: Readonly<Record<string, { readonly default?: string | number | boolean }>>;
}
interface Api {
  readonly openapi: string;
  readonly servers?: readonly ApiServer[];
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly security?: readonly object[];
}

/**
 * The operations of a document of OpenAPI 3, YAML or JSON.
 * @param file for messages
 * @throws CommbenchError bad-option: it is none, or refers to what it does not hold
 */
export function callsOfOpenApi(text: string, file: string): FoundCall[] {
  const document = parseDocument(text, { stringKeys: true });
  const [error] = document.errors;
  if (error) throw bad(file, `invalid YAML: ${error.message}`);
  const api = builtOf(document, file) as Api | null;
  const version = (api as { openapi?: unknown; swagger?: unknown } | null)?.openapi;
  if (typeof version !== 'string' || !version.startsWith('3.')) {
    const swagger = (api as { swagger?: unknown } | null)?.swagger;
    throw bad(
      file,
      swagger === undefined
        ? 'it has no `openapi: 3.…`'
        : `it is Swagger ${JSON.stringify(swagger)}; convert it to OpenAPI 3 first`,
    );
  }
  const resolve = resolverOf(api, file);
  const { base, note } = baseOf(api!);
  return Object.entries(api!.paths ?? {}).flatMap(([path, entry]) => {
    const item = resolve(entry);
    return METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => resolve(one));
      // The operation's own come before those of its path.
      const parameters = [...new Map(all.map((one) => [`${one.in} ${one.name}`, one])).values()];
      const secured = (operation.security ?? api!.security ?? []).length > 0;
      return callOf({ method, path, operation, parameters, base, note, secured, resolve });
    });
  });
}

/** Thrown by the parser for what it will not build. */
function builtOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError)
      throw bad(file, 'it has too many YAML aliases; write it as JSON first');
    if (error instanceof RangeError) throw bad(file, 'its YAML is nested too deeply');
    throw error;
  }
}

interface Place {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  readonly base: string;
  readonly note: string | undefined;
  readonly secured: boolean;
  readonly resolve: Resolve;
}

function callOf(place: Place): FoundCall {
  const { method, path, operation, base, note, secured, resolve } = place;
  const name = `${method.toUpperCase()} ${path}`;
  const filled = pathOf(place);
  const body = operation.requestBody ? bodyOf(resolve(operation.requestBody), resolve) : {};
  const headers = { ...headersOf(place), ...body.headers };
  const unsuitable = operation.deprecated ? 'it is deprecated' : body.unsuitable;
  return {
    name,
    aliases: operation.operationId === undefined ? [] : [operation.operationId],
    title: (operation.summary?.trim() || operation.operationId || name).slice(0, 60),
    transport: 'rest',
    url: base,
    settings: {
      method: method.toUpperCase(),
      path: new URL(base).pathname.replace(/\/$/, '') + filled,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...(body.body === undefined ? {} : { body: body.body }),
      success: { status: statusOf(operation) },
    },
    notes: {
      ...(note === undefined ? {} : { url: note }),
      ...(filled.includes('{{') ? { path: 'Replace with values that exist in your service.' } : {}),
      ...(secured ? { method: SECURED } : {}),
      ...(body.body === undefined
        ? {}
        : { body: 'Example made from the schema; check that your service accepts it.' }),
    },
    ...(unsuitable === undefined ? {} : { unsuitable }),
  };
}

const SECURED = "It needs a login, for example headers: { authorization: 'Bearer {{env TOKEN}}' }";

/** With its parameters, and those of the query that must be there. */
function pathOf({ path, parameters, resolve }: Place): string {
  const valueOf = (one: Parameter) => String(withHole(one, resolve));
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_hole, name: string) => {
    const found = parameters.find((one) => one.in === 'path' && one.name === name);
    return found ? encoded(valueOf(found)) : '{{random 1 100}}';
  });
  const query = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map((one) => `${encodeURIComponent(one.name)}=${encoded(valueOf(one))}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

/** Holes stay as they are. */
function encoded(value: string): string {
  return value
    .split(/(\{\{[^{}]*\}\})/)
    .map((part) => (part.startsWith('{{') ? part : encodeURIComponent(part)))
    .join('');
}

function headersOf({ parameters, resolve }: Place): Record<string, string> {
  const asked = parameters.filter((one) => one.in === 'header' && one.required);
  return Object.fromEntries(asked.map((one) => [one.name, String(withHole(one, resolve))]));
}

function withHole({ example, schema }: Parameter, resolve: Resolve): unknown {
  return example === undefined ? exampleOf(schema ?? {}, resolve) : withoutHoles(example);
}

interface FoundBody {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsuitable?: string;
}

function bodyOf({ content = {}, required }: Body, resolve: Resolve): FoundBody {
  const types = Object.keys(content);
  const json = types.find((type) => /[/+]json\b/i.test(type));
  if (json !== undefined) {
    const body = exampleOfMedia(content[json]!, resolve);
    // A body written as a text needs its content type: nothing else says that it is JSON.
    const isKnown = json === 'application/json' && typeof body !== 'string';
    return { body, headers: isKnown ? {} : { 'content-type': json } };
  }
  const form = types.find((type) => type.startsWith('application/x-www-form-urlencoded'));
  if (form !== undefined) {
    const fields = Object.entries(exampleOfMedia(content[form]!, resolve) ?? {});
    const body = fields
      .map(([name, value]) => `${encodeURIComponent(name)}=${encoded(String(value))}`)
      .join('&');
    return { body, headers: { 'content-type': form } };
  }
  return required ? { unsuitable: `its body is ${types.join(', ') || 'of no type'}` } : {};
}

function exampleOfMedia({ example, examples = {}, schema }: Media, resolve: Resolve): unknown {
  const [first] = Object.values(examples).map((one) => resolve(one).value);
  const given = example ?? first;
  return given === undefined ? exampleOf(schema ?? {}, resolve) : withoutHoles(given);
}

/** The successes that it names; none: any. */
function statusOf({ responses = {} }: Operation): string | number | (string | number)[] {
  const named = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status));
  const list = named.map((status) => (/^\d+$/.test(status) ? Number(status) : '2xx'));
  return list.length === 0 ? '2xx' : list.length === 1 ? list[0]! : list;
}

/** The target of the load: the document's own server if that is this machine, without TLS. */
function baseOf({ servers = [] }: Api): { base: string; note: string | undefined } {
  const urls = servers.flatMap((server) => withDefaults(server) ?? []);
  const local = urls.find((url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname } = new URL(url);
    return (
      protocol === 'http:' &&
      (hostname === 'localhost' || isLoopbackAddress(hostname.replaceAll(/[[\]]/g, '')))
    );
  });
  if (local !== undefined) return { base: local, note: undefined };
  const [first] = urls;
  const own = first === undefined ? '' : `The document says ${first}. `;
  const path = first === undefined || !URL.canParse(first, FALLBACK) ? '' : new URL(first, FALLBACK).pathname;
  const base = FALLBACK + (/[{}]|%7B/i.test(path) ? '' : path.replace(/\/$/, ''));
  return {
    base,
    note: `${own}Replace with the address of your service; other machines need --allow-remote HOST.`,
  };
}

/** Variables that have no default stay as they are. */
function withDefaults({ url, variables = {} }: ApiServer): string | undefined {
  return url?.replaceAll(/\{([^{}]+)\}/g, (hole, name: string) => String(variables[name]?.default ?? hole));
}

/** References within the document alone. */
function resolverOf(root: unknown, file: string): Resolve {
  return (value) => {
    let at: unknown = value;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const ref = (at as { $ref?: unknown } | null)?.$ref;
      if (typeof ref !== 'string') return at as typeof value;
      at = pointedAt(root, ref, file);
    }
    throw bad(file, `circular reference ${value.$ref}`);
  };
}

/** JSON Pointer, RFC 6901. */
function pointedAt(root: unknown, ref: string, file: string): unknown {
  if (!ref.startsWith('#/'))
    throw bad(file, `it refers to another file, ${ref}; bundle both into one file first`);
  const keys = ref
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = keys.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as never)[key] : undefined;
  }, root);
  if (found === undefined) throw bad(file, `unresolved reference ${ref}`);
  return found;
}

function bad(file: string, found: string): CommbenchError {
  return new CommbenchError('bad-option', `--from: ${file} is not a valid OpenAPI 3 document: ${found}`);
}
