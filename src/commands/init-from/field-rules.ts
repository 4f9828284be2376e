import type protobuf from 'protobufjs';
import { isMapping } from '../../scenario/load/mapping.ts';
import { regexOf, type SchemaObject } from './schema/self-contained.ts';
import { firstFitting, type RequestValue } from './schema/request-value.ts';

/** Rules of a field, as far as a value can be made by them. */
export interface FieldRules {
  /** Of its value, or of each of its values. */
  readonly schema: SchemaObject;
  /** Numbers of an enum that are allowed; undefined: all. */
  readonly among: readonly unknown[] | undefined;
  /** Of a list, from 1. */
  readonly minItems: number;
  /** Names of rules that are not understood. */
  readonly unread: readonly string[];
}

/** Options with rules: of protovalidate (https://protovalidate.com) and of its forerunner protoc-gen-validate. */
const OF_FIELD = ['(buf.validate.field)', '(validate.rules)'];
const OF_MESSAGE = ['(buf.validate.message)', '(validate.message)'];
/** Rules that every value here meets: it is there, its enum has it, and it is alone in its list or map. */
const MET =
  /^(required|ignore|ignored|ignore_empty|skip|disabled|strict|example|defined_only|max_items|max_pairs)$/;
/** Kinds of rules of which a value is made. */
const NUMBERS_AND_TEXTS = /^(string|bool|float|double|[su]?int(32|64)|s?fixed(32|64))$/;

type Keyword = (value: unknown) => SchemaObject | undefined;
const asCount =
  (keyword: string): Keyword =>
  (value) =>
    isCount(value) ? { [keyword]: value } : undefined;
const asNumber =
  (keyword: string): Keyword =>
  (value) =>
    typeof value === 'number' ? { [keyword]: value } : undefined;
const asFormat =
  (format: string): Keyword =>
  (value) =>
    value === true ? { format } : {};

/** Rules of a scalar as keywords of JSON Schema. Lengths in bytes are those of ASCII, of which every value here is. */
const SCALAR: Readonly<Record<string, Keyword>> = {
  const: (value) => ({ const: value }),
  in: (value) => ({ enum: [value].flat() }),
  len: (value) => (isCount(value) ? { minLength: value, maxLength: value } : undefined),
  len_bytes: (value) => (isCount(value) ? { minLength: value, maxLength: value } : undefined),
  min_len: asCount('minLength'),
  max_len: asCount('maxLength'),
  min_bytes: asCount('minLength'),
  max_bytes: asCount('maxLength'),
  pattern: (value) => (isPattern(value) ? { pattern: value } : undefined),
  gte: asNumber('minimum'),
  gt: asNumber('exclusiveMinimum'),
  lte: asNumber('maximum'),
  lt: asNumber('exclusiveMaximum'),
  email: asFormat('email'),
  uuid: asFormat('uuid'),
  hostname: asFormat('hostname'),
  ip: asFormat('ipv4'),
  ipv4: asFormat('ipv4'),
  ipv6: asFormat('ipv6'),
  address: asFormat('hostname'),
  uri: asFormat('uri'),
};

/** The rules of a field in both vocabularies. */
export function fieldRules(field: protobuf.Field): FieldRules {
  const unread: string[] = [];
  let schema: SchemaObject = {};
  let among: readonly unknown[] | undefined;
  let minItems = 1;
  for (const [option, path, value] of rulesIn(field, OF_FIELD)) {
    const [kind = '', rule = ''] = path.slice(-2);
    const keyword =
      NUMBERS_AND_TEXTS.test(kind) && !path.includes('keys') ? SCALAR[rule]?.(value) : undefined;
    if (keyword) schema = { ...schema, ...keyword };
    else if (kind === 'enum' && (rule === 'in' || rule === 'const')) among = [value].flat();
    else if (rule === 'min_items' && isCount(value)) minItems = Math.max(1, value);
    else if (!MET.test(path.at(-1) ?? '') && !isMetByOne(rule, value))
      unread.push([option, ...path].join('.'));
  }
  // Its items are all alike.
  const isMet = (rule: string) => minItems === 1 && rule.endsWith('.repeated.unique');
  return { schema, among, minItems, unread: unread.filter((rule) => !isMet(rule)) };
}

/** A list or map has one entry at least. */
function isMetByOne(rule: string, value: unknown): boolean {
  return rule === 'min_pairs' && isCount(value) && value <= 1;
}

/** Rules of a whole message: none of them is understood. */
export function unreadOfMessage(type: protobuf.Type): string[] {
  return [...rulesIn(type, OF_MESSAGE)]
    .filter(([, path]) => !MET.test(path.at(-1) ?? ''))
    .map(([option, path]) => [option, ...path].join('.'));
}

/**
 * A value of a scalar type by its rules.
 * @param usual taken where it meets them
 */
export function valueByRules(type: string, usual: unknown, { schema }: FieldRules): RequestValue {
  if (Object.keys(schema).length === 0) return { value: usual };
  const kind = /int|fixed/.test(type)
    ? 'integer'
    : /float|double/.test(type)
      ? 'number'
      : type === 'bool'
        ? 'boolean'
        : 'string';
  return firstFitting({ type: kind, ...schema }, usual);
}

type Rule = readonly [option: string, path: readonly string[], value: unknown];

/** Every rule of these options, by its path: `string.min_len`, `repeated.items.int32.gt`. */
function* rulesIn({ parsedOptions }: protobuf.ReflectionObject, options: readonly string[]): Generator<Rule> {
  for (const given of (parsedOptions ?? []) as unknown[]) {
    for (const option of options) {
      const rules = isMapping(given) ? given[option] : undefined;
      if (isMapping(rules)) for (const [path, value] of leaves(rules)) yield [option, path, value];
      else if (rules !== undefined) yield [option, [], rules];
    }
  }
}

function leaves(rules: Readonly<Record<string, unknown>>): (readonly [string[], unknown])[] {
  return Object.entries(rules).flatMap(([name, value]): (readonly [string[], unknown])[] => {
    // An expression of CEL has several parts.
    if (!isMapping(value) || name === 'cel') return [[[name], value]];
    return leaves(value).map(([path, inner]) => [[name, ...path], inner]);
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** RE2's expressions are those of JavaScript, but for some of its flags and classes. */
function isPattern(value: unknown): value is string {
  try {
    return typeof value === 'string' && regexOf(value) instanceof RegExp;
  } catch {
    return false;
  }
}
