import type { z } from 'zod';
import { nearest } from '../kernel/nearest.ts';
import { keysAt, type JsonSchema, type Path } from './json-schema.ts';

/** One thing that is wrong with a scenario: where, what was expected, what was found. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** Where `path` itself is the unknown key, the reader should be shown the key, not its value. */
  readonly atKey?: boolean;
}

/**
 * A zod issue in our words.
 * @param value what was validated, to say what was found
 * @param schema to name the nearest known key; undefined where the keys are not known
 */
export function problemsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: JsonSchema | undefined,
): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const known = schema ? keysAt(schema, path, valueAt(value, path)) : [];
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known), atKey: true }));
  }
  return [{ path, message: sentence(issue, valueAt(value, path)) }];
}

/** `patterns[1].id`, as people write it. */
export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as never)[key] : undefined;
  }, value);
}

/** `. Did you mean rate?`, or nothing: the end of a message. */
export function guess(word: string, candidates: readonly string[]): string {
  const close = nearest(word, candidates);
  return close === undefined ? '' : `. Did you mean ${close}?`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const expected = known.length > 0 ? `Expected one of ${known.join(', ')}` : 'Expected no such key';
  return `${expected}, found ${key}${guess(key, known)}`;
}

function sentence(issue: z.core.$ZodIssue, found: unknown): string {
  const suffix = `, found ${foundText(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${typeText(issue.expected)}${suffix}`;
    case 'too_big':
      return `Expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}${lengthSuffix(issue.origin, found) ?? suffix}`;
    case 'too_small':
      return `Expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}${lengthSuffix(issue.origin, found) ?? suffix}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), found);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options.map(String), found)
        : `${issue.message}${suffix}`;
    case 'invalid_format':
      return `Expected ${issue.message}${suffix}`;
    default:
      return issue.message;
  }
}

function oneOf(values: readonly string[], found: unknown): string {
  const hint = typeof found === 'string' ? guess(found, values) : '';
  return `Expected ${values.length === 1 ? values[0] : `one of ${values.join(', ')}`}, found ${foundText(found)}${hint}`;
}

function unitOf(origin: string): string {
  return { string: ' characters', array: ' entries', record: ' entries' }[origin] ?? '';
}

/** A long text is not repeated, only its length. */
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

function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  // What YAML and options can hold, JSON can say.
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
