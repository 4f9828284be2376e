import type { z } from 'zod';
import { cutText } from '../../kernel/foreign/cut-text.ts';
import { guess } from '../load/guess.ts';
import { keysAt, type JsonSchema, type Path } from '../schema/json-schema.ts';

/** One problem of a scenario: its path, and the message with expected and found. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** Show the key instead of its value, where `path` is an unknown key. */
  readonly atKey?: boolean;
}

/** Unknown keys of one mapping that are reported. */
const MOST_KEYS = 100;
/** Characters of what was found that are repeated. */
const MOST_FOUND = 60;

/**
 * A zod issue in our words.
 * @param value that was validated, to show what was found
 * @param schema to suggest the nearest known key; undefined where the keys are not known
 * @param show what was found, as it may be shown
 */
export function problemsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: JsonSchema | undefined,
  show: ShownValue = valueText,
): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const known = schema ? keysAt(schema, path, valueAtPath(value, path)) : [];
    return issue.keys
      .slice(0, MOST_KEYS)
      .map((key) => ({ path: [...path, key], message: unknownKey(key, known), atKey: true }));
  }
  const member = issue.code === 'invalid_union' ? meantMember(issue) : undefined;
  if (!member)
    return [{ path, message: sentence(issue, valueAtPath(value, path), (found) => show(found, path)) }];
  const inner = member.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
  return inner.flatMap((one) => problemsOf(one, value, schema, show));
}

/** The issues of the union member whose kind (a name or a mapping) was given. */
function meantMember({ errors }: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | undefined {
  return errors.find((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
}

/** A path in the usual notation: `patterns[1].id`. */
export function pathText(path: Path): string {
  const keys = path.map((key) => (typeof key === 'number' ? key : cutText(key, MOST_FOUND)));
  return keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

export function valueAtPath(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as never)[key] : undefined;
  }, value);
}

/** The kinds of a union's members. */
function kindsOf({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const kinds = errors.flat().flatMap((one) => (one.code === 'invalid_type' ? typeText(one.expected) : []));
  return [...new Set(kinds)].join(' or ') || 'another value';
}

function unknownKey(key: string, known: readonly string[]): string {
  const expected = known.length > 0 ? `Expected one of ${known.join(', ')}` : 'Expected no keys';
  return `${expected}, found ${cutText(key, MOST_FOUND)}${guess(key, known)}`;
}

function sentence(issue: z.core.$ZodIssue, found: unknown, show: (found: unknown) => string): string {
  const suffix = `, found ${show(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${typeText(issue.expected)}${suffix}`;
    case 'too_big':
      return `Expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}${lengthSuffix(issue.origin, found) ?? suffix}`;
    case 'too_small':
      return `Expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}${lengthSuffix(issue.origin, found) ?? suffix}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), found, show);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options.map(String), found, show)
        : `Expected ${kindsOf(issue)}${suffix}`;
    case 'invalid_format':
      return `Expected ${issue.message}${suffix}`;
    default:
      return issue.message;
  }
}

function oneOf(values: readonly string[], found: unknown, show: (found: unknown) => string): string {
  const hint = typeof found === 'string' ? guess(found, values) : '';
  return `Expected ${values.length === 1 ? values[0] : `one of ${values.join(', ')}`}, found ${show(found)}${hint}`;
}

function unitOf(origin: string): string {
  return { string: ' characters', array: ' entries', record: ' entries' }[origin] ?? '';
}

/** The length of a long text, which is not repeated. */
function lengthSuffix(origin: string, found: unknown): string | undefined {
  if (origin === 'string' && typeof found === 'string') return `, found ${found.length}`;
  if (origin === 'array' && Array.isArray(found)) return `, found ${found.length}`;
  return undefined;
}

function typeText(type: string): string {
  return (
    {
      int: 'a whole number',
      number: 'a number',
      string: 'a text',
      boolean: 'true or false',
      array: 'a list',
      object: 'a mapping',
      record: 'a mapping',
    }[type] ?? type
  );
}

/** A value as it may be shown in the message of a problem. */
export type ShownValue = (value: unknown, path: Path) => string;

export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Values of YAML and options can be written as JSON; of a large one, the beginning is enough.
  let left = MOST_FOUND;
  const text = JSON.stringify(value, (_key, inner: unknown) => (left-- > 0 ? inner : null));
  return text.length <= MOST_FOUND ? text : `${text.slice(0, MOST_FOUND - 3)}...`;
}
