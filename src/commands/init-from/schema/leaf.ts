import { typeOf } from './prune.ts';
import type { SchemaObject } from './self-contained.ts';

/** Values that a format asks for, where the schema names none. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '{{uuid}}',
  email: 'user-{{sequence}}@example.org',
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  uri: 'https://example.org/{{sequence}}',
  url: 'https://example.org/{{sequence}}',
  'uri-reference': '/{{sequence}}',
  hostname: 'example.org',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  byte: 'AAAA',
  binary: 'AAAA',
};
/** Keywords of a schema that any value meets. */
const NO_RULES = ['readOnly', '$defs', 'examples', 'default'];
const MAX_SPAN = 1_000_000;

/** What the document says itself, and else a value that differs from call to call where the schema allows one. */
export function varying(schema: SchemaObject): unknown {
  const given = ownValue(schema);
  return given === undefined ? usual(schema) : withoutHoles(given);
}

/** The same without the document's examples, which may not fit their schema. */
export function usual(schema: SchemaObject): unknown {
  if ('const' in schema) return withoutHoles(schema['const']);
  if ('enum' in schema)
    return withoutHoles((schema['enum'] as unknown[]).find((value) => value !== null) ?? null);
  if (['$ref', 'allOf', 'oneOf', 'anyOf'].some((key) => key in schema)) return undefined;
  const type = typeOf(schema);
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === 'integer' || type === 'number') return numberOf(schema);
  if (type === 'string') return textOf(schema);
  return type === undefined && Object.keys(schema).every((key) => NO_RULES.includes(key))
    ? 'text'
    : undefined;
}

function ownValue({ examples = [], default: usualValue, enum: values, ...rest }: SchemaObject): unknown {
  if ('const' in rest) return rest['const'];
  const listed = Array.isArray(values) ? (values as unknown[]) : undefined;
  const first = examples.find((value) => value !== null && value !== undefined);
  return first ?? usualValue ?? listed?.find((value) => value !== null) ?? listed?.[0];
}

function textOf(schema: SchemaObject): string | undefined {
  const {
    minLength = 0,
    maxLength = 1000,
    format,
  } = schema as { minLength?: number; maxLength?: number; format?: string };
  if ('pattern' in schema) return undefined;
  const known = format === undefined ? undefined : BY_FORMAT[format];
  return known ?? 'text'.padEnd(minLength, 't').slice(0, maxLength);
}

/** Any whole number within the bounds. */
function numberOf(schema: SchemaObject): unknown {
  if ('multipleOf' in schema && schema['multipleOf'] !== 1) return undefined;
  const limits = schema as Readonly<Partial<Record<string, number>>>;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum } = limits;
  const over = exclusiveMinimum === undefined ? -Infinity : Math.floor(exclusiveMinimum) + 1;
  const under = exclusiveMaximum === undefined ? Infinity : Math.ceil(exclusiveMaximum) - 1;
  const most = Math.min(Math.floor(maximum), under);
  const given = Math.max(Math.ceil(minimum), over);
  const least = given === -Infinity ? Math.min(1, most) : given;
  const last = Math.min(most === Infinity ? Math.max(least, 100) : most, least + MAX_SPAN);
  if (!Number.isSafeInteger(least) || !Number.isSafeInteger(last) || Math.abs(last) > 1e14) return undefined;
  return least < last ? `{{random ${least} ${last}}}` : least === last ? least : undefined;
}

/** Braces of an example are its own, and no holes of ours. */
export function withoutHoles(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{(?=\{)/g, '{ ');
  if (Array.isArray(value)) return value.map(withoutHoles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutHoles(field)]));
}
