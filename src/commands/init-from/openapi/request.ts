import { CommbenchError } from '../../../kernel/errors.ts';
import { isMapping } from '../../../scenario/load/mapping.ts';
import { type RequestValue, valueFor } from '../schema/request-value.ts';
import { TooLarge } from '../schema/prune.ts';
import { type NamedSchemas, selfContained } from '../schema/self-contained.ts';
import { followed, type Resolve } from './document.ts';
import { encoded, plain, styled, styleIn } from './styles.ts';

export type Tree = Readonly<Record<string, unknown>>;

/** What an operation is read with. */
export interface Reading {
  readonly resolve: Resolve;
  readonly named: NamedSchemas;
  /** Takes what could not be made to fit its schema. */
  readonly onMisfit: (place: string, misfit: string) => void;
}

/** An operation cannot be driven, for this reason. */
export class Unsuitable extends Error {}

/** The path with the parameters that it must have, and what they add to the headers. */
export function addressOf(path: string, parameters: readonly Tree[], reading: Reading) {
  const written = (one: Tree) => writtenParameter(one, reading);
  const inside = (place: string) => parameters.filter((one) => one['in'] === place && isAsked(one));
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_hole, name: string) => {
    const found = parameters.find((one) => one['in'] === 'path' && one['name'] === name);
    return found ? written(found) : '{{random 1 100}}';
  });
  const query = [...inside('query'), ...inside('querystring')].map(written).filter((text) => text !== '');
  const cookies = inside('cookie').map(written);
  const headers = inside('header').filter(
    (one) => !/^(accept|content-type|authorization)$/i.test(String(one['name'])),
  );
  const mark = filled.includes('?') ? '&' : '?';
  return {
    path: query.length > 0 ? filled + mark + query.join('&') : filled,
    headers: {
      ...Object.fromEntries(headers.map((one) => [String(one['name']), decodedHeader(written(one))])),
      ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
    },
  };
}

function isAsked(parameter: Tree): boolean {
  return parameter['required'] === true;
}

/** Headers are not percent-encoded, but for what they cannot hold. */
function decodedHeader(text: string): string {
  const plainText = decodeURIComponent(text);
  return /^[ -~]*$/.test(plainText) ? plainText : text;
}

function writtenParameter(parameter: Tree, reading: Reading): string {
  const name = String(parameter['name']);
  const place = String(parameter['in']);
  const { content } = parameter;
  const [type, media] = isMapping(content) ? (Object.entries(content)[0] ?? []) : [];
  const { value } = checked(
    `${place} parameter ${name}`,
    media ?? parameter,
    reading,
    /json/i.test(type ?? ''),
  );
  if (place === 'querystring') return formOf(value, media, reading);
  if (type !== undefined) {
    const text = encoded(/json/i.test(type) ? JSON.stringify(value) : plain(value));
    return place === 'query' || place === 'cookie' ? `${encoded(name)}=${text}` : text;
  }
  const style = typeof parameter['style'] === 'string' ? parameter['style'] : styleIn(place);
  const explode =
    typeof parameter['explode'] === 'boolean' ? parameter['explode'] : ['form', 'cookie'].includes(style);
  return styled(name, value, {
    style: place === 'cookie' && explode ? 'cookie' : style,
    explode,
    allowReserved: parameter['allowReserved'] === true,
  });
}

/** A value for a parameter or a body, and a word where it does not fit. */
function checked(
  place: string,
  holder: unknown,
  { resolve, named, onMisfit }: Reading,
  isJson = false,
): RequestValue {
  const media = followed(holder, resolve) as Tree;
  const schema = selfContained(media['schema'] ?? true, resolve, named);
  const examples = examplesIn(media, resolve);
  try {
    const sample = valueFor(schema, isJson ? examples.map(fromJson) : examples);
    if (sample.misfit !== undefined) onMisfit(place, sample.misfit);
    return sample;
  } catch (error) {
    if (error instanceof TooLarge)
      throw new Unsuitable(`its ${place} has more than 2,000 values, or a text too long`);
    throw error;
  }
}

/** An example of JSON may be written as a text. */
function fromJson(example: unknown): unknown {
  try {
    const value: unknown = typeof example === 'string' ? JSON.parse(example) : example;
    return typeof value === 'object' ? value : example;
  } catch {
    return example;
  }
}

/** In the order in which the document gives them. */
function examplesIn(media: Tree, resolve: Resolve): unknown[] {
  const { example, examples } = media;
  const named = isMapping(examples) ? Object.values(examples) : [];
  const values = named.flatMap((one) => {
    const found = followed(one, resolve);
    if (!isMapping(found)) return [];
    return 'value' in found ? [found['value']] : 'dataValue' in found ? [found['dataValue']] : [];
  });
  return [...(example === undefined ? [] : [example]), ...values].slice(0, 3);
}

export interface Body {
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Why there is no body, where there could be one. */
  readonly omitted?: readonly string[];
}

/** Media types in the order of preference. */
const KINDS: readonly [RegExp, (value: unknown, type: string, media: Tree, reading: Reading) => Body][] = [
  [/[/+]json\b|^\*\/\*$|^application\/\*$/i, jsonBody],
  [
    /^application\/x-www-form-urlencoded\b/i,
    (value, type, media, reading) => ({
      body: formOf(value, media, reading),
      headers: { 'content-type': type },
    }),
  ],
  [/^multipart\/form-data\b/i, multipartBody],
  [/^text\/(?!xml)/i, textBody],
  [/[/+](octet-stream|yaml)\b/i, textBody],
];

/** @throws Unsuitable for a body of no kind that can be written */
export function bodyOf(found: unknown, reading: Reading): Body {
  const { content, required } = (followed(found, reading.resolve) ?? {}) as Tree;
  const types = isMapping(content) ? Object.keys(content) : [];
  for (const [kind, write] of KINDS) {
    const type = types.find((one) => kind.test(one));
    if (type === undefined) continue;
    const media = followed((content as Tree)[type], reading.resolve);
    const holder = isMapping(media) ? media : {};
    return write(checked('body', holder, reading, write === jsonBody).value, type, holder, reading);
  }
  const given = types.find((type) =>
    examplesIn((content as Tree)[type] as Tree, reading.resolve).some((one) => typeof one === 'string'),
  );
  if (given !== undefined) {
    const media = (content as Tree)[given] as Tree;
    return textBody(checked('body', { ...media, schema: { type: 'string' } }, reading).value, given);
  }
  const kinds = types.join(', ') || 'of no type';
  if (required === true) throw new Unsuitable(`its body is ${kinds}, of which only an example can be sent`);
  return { headers: {}, ...(types.length > 0 ? { omitted: [`The body is omitted: it is ${kinds}`] } : {}) };
}

/** A hole that takes the type of its value, and is a whole body here. */
const NUMBER = /^\{\{(random|sequence|key)\b[^{}]*\}\}$/;

function jsonBody(body: unknown, type: string): Body {
  const known = type.includes('*') ? 'application/json' : type;
  // A body written as a text needs its content type: nothing else says that it is JSON.
  if (typeof body === 'string') {
    return { body: NUMBER.test(body) ? body : JSON.stringify(body), headers: { 'content-type': known } };
  }
  return { body, headers: known === 'application/json' ? {} : { 'content-type': known } };
}

function textBody(value: unknown, type: string): Body {
  return { body: plain(value), headers: { 'content-type': type.includes('*') ? 'text/plain' : type } };
}

/** Each field in its own style, as its encoding has it. */
function formOf(value: unknown, media: unknown, { resolve }: Reading): string {
  const all = isMapping(media) && isMapping(media['encoding']) ? media['encoding'] : {};
  const fields = isMapping(value) ? Object.entries(value) : [];
  const written = fields.map(([name, field]) => {
    const encoding = (followed(all[name], resolve) ?? {}) as Tree;
    if (/json/.test(String(encoding['contentType'])))
      return `${encoded(name)}=${encoded(JSON.stringify(field))}`;
    const style = typeof encoding['style'] === 'string' ? encoding['style'] : 'form';
    const explode = typeof encoding['explode'] === 'boolean' ? encoding['explode'] : style === 'form';
    return styled(name, field, { style, explode, allowReserved: encoding['allowReserved'] === true });
  });
  return written.filter((text) => text !== '').join('&');
}

const BOUNDARY = 'commbench-part';

/** Parts as RFC 7578 has them; what the schema calls binary is sent as a small file. */
function multipartBody(value: unknown, type: string, media: Tree, { resolve }: Reading): Body {
  const fields = isMapping(value) ? Object.entries(value) : [];
  const schema = followed(media['schema'], resolve);
  const properties = isMapping(schema) && isMapping(schema['properties']) ? schema['properties'] : {};
  const parts = fields.flatMap(([name, field]) =>
    (Array.isArray(field) ? field : [field]).map((one) =>
      partOf(name, one, followed(properties[name], resolve)),
    ),
  );
  const body = [...parts, `--${BOUNDARY}--`, ''].join('\r\n');
  return { body, headers: { 'content-type': `${type.split(';')[0]}; boundary=${BOUNDARY}` } };
}

function partOf(name: string, value: unknown, schema: unknown): string {
  const isFile = isMapping(schema) && (schema['format'] === 'binary' || 'contentMediaType' in schema);
  const quoted = name.replaceAll(/["\r\n]/g, '_');
  const kind =
    typeof value === 'object' && value !== null
      ? 'application/json'
      : isFile
        ? 'application/octet-stream'
        : undefined;
  return [
    `--${BOUNDARY}`,
    `content-disposition: form-data; name="${quoted}"${isFile ? '; filename="file"' : ''}`,
    ...(kind === undefined ? [] : [`content-type: ${kind}`]),
    '',
    plain(value),
  ].join('\r\n');
}

/** @throws Unsuitable in the place of what makes one operation unreadable, and no other */
export function orUnsuitable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommbenchError) throw new Unsuitable(error.message.replace(/^--from: /, ''));
    throw error;
  }
}
