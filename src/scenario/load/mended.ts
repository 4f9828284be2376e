import { isMapping } from './mapping.ts';
import type { z } from 'zod';
import { INTERACTION_NAMES } from '../../contracts/interactions.ts';
import type { Path } from '../schema/json-schema.ts';
import { type Scenario, scenarioShape } from '../schema/schema.ts';

export interface Mended {
  /** The scenario without invalid entries. An invalid whole field is kept, and its rules are skipped. */
  readonly value: unknown;
  /** The same with defaults and substitutes for whole fields: valid. */
  readonly scenario: Scenario;
  /** Whole fields that have a substitute. */
  readonly unknown: readonly string[];
  /** Path in the original; undefined within a mended part, where a problem may be a consequence of the mending. */
  originOf(path: Path): Path | undefined;
}

/** Lists whose entries can be removed one by one: no rule counts them. */
const SEPARABLE = ['faults', 'cases', 'variants', 'endpoints', 'thresholds', 'policies'];

/** Substitutes for required fields of a pattern, except its id, by which others refer to it. */
const PATTERN = { title: 'unknown', transport: 'rest', interaction: INTERACTION_NAMES[0] };

/** Fields of the scenario that have no default. */
const REQUIRED: Readonly<Record<string, unknown>> = {
  name: 'unknown',
  title: 'unknown',
  patterns: [{ id: 'unknown', ...PATTERN }],
};

/** Each try removes the parent of a part that could not be removed itself. */
const MOST_TRIES = 6;

/**
 * A copy without invalid values, so that rules can check the rest and all mistakes are reported at once. Undefined
 * where it cannot be mended.
 */
export function mend(original: unknown): Mended | undefined {
  const mending: Mending = { value: structuredClone(original), places: new WeakMap(), lost: [], unknown: [] };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { data, error } = scenarioShape.safeParse(mending.value);
    if (data) return mendedOf(original, mending, data);
    if (!mendOnce(mending, error)) return undefined;
  }
  return undefined;
}

/** Original indices of a list with removed entries. */
type Places = WeakMap<object, number[]>;

interface Mending {
  readonly value: unknown;
  readonly places: Places;
  /** Paths of removed parts, in the original. */
  readonly lost: Path[];
  readonly unknown: string[];
}

function mendedOf(original: unknown, mending: Mending, scenario: Scenario): Mended {
  const { value, unknown } = mending;
  const given = original as Readonly<Record<string, unknown>>;
  const wrong = unknown.map((field) => [field, given[field]] as const);
  return {
    value: { ...(value as object), ...Object.fromEntries(wrong) },
    scenario,
    unknown,
    originOf: (path) => originOf(path, mending),
  };
}

/** Whether each of the problems could be mended. */
function mendOnce(mending: Mending, error: z.ZodError): boolean {
  const left: Path[] = [];
  // Backwards, as a removed entry shifts those behind it.
  for (const path of error.issues.flatMap(wrongPaths).toReversed()) {
    if (left.some((at) => isWithin(path, at))) continue;
    const before = placeOf(mending, path);
    const at = standIn(mending, path) ?? leaveOut(mending, path);
    if (at.length === 0) return false;
    left.push(at);
    mending.lost.push(before.slice(0, takesParent(at) ? at.length - 1 : at.length));
    if (at.length === 1 && Object.hasOwn(scenarioShape.shape, at[0]!)) mending.unknown.push(String(at[0]));
  }
  return true;
}

/** A mapping without one of its fields may mean something else, except a target. */
function takesParent(path: Path): boolean {
  return path.length > 1 && typeof path.at(-1) === 'string' && path[0] !== 'targets';
}

function originOf(path: Path, mending: Mending): Path | undefined {
  const place = placeOf(mending, path);
  return mending.lost.some((one) => isWithin(place, one)) ? undefined : place;
}

function placeOf({ value, places }: Mending, path: Path): Path {
  let at = value;
  return path.map((key) => {
    const own = typeof at === 'object' && at !== null ? places.get(at)?.[Number(key)] : undefined;
    at = (at as never)?.[key];
    return own ?? key;
  });
}

function wrongPaths(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path as Path;
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function isWithin(path: Path, of: Path): boolean {
  return of.every((key, i) => key === path[i]);
}

/** Substitutes a value required by the scenario, or by one of its patterns. @returns its path */
function standIn({ value }: Mending, path: Path): Path | undefined {
  const [field, index, key] = path as readonly string[];
  if (!isMapping(value)) return undefined;
  if (path.length === 1 && Object.hasOwn(REQUIRED, field!)) {
    value[field!] = structuredClone(REQUIRED[field!]);
    return path;
  }
  const pattern = field === 'patterns' ? (value['patterns'] as unknown[])[Number(index)] : undefined;
  if (path.length < 3 || !isMapping(pattern) || !Object.hasOwn(PATTERN, key!)) return undefined;
  pattern[key!] = PATTERN[key as keyof typeof PATTERN];
  return path.slice(0, 3);
}

/**
 * Removes the innermost entry on the existing part of `path`: of a mapping, or of a list whose entries are separable.
 * Any other list with a problem is emptied, all else deleted.
 * @returns its path; of length 0: none
 */
function leaveOut({ value, places }: Mending, path: Path): Path {
  for (let depth = path.length; depth > 0; depth--) {
    const key = path[depth - 1]!;
    const parent = path.slice(0, depth - 1).reduce<unknown>((at, k) => (at as never)?.[k], value);
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) continue;
    if (typeof key === 'number') {
      if (!Array.isArray(parent) || parent.length < 2 || !SEPARABLE.includes(String(path[depth - 2])))
        continue;
      if (!places.has(parent)) places.set(parent, [...parent.keys()]);
      for (const list of [parent, places.get(parent)!]) list.splice(key, 1);
      return path.slice(0, depth);
    }
    const entries = parent as Record<string, unknown>;
    const entry = entries[key];
    if (depth < path.length && Array.isArray(entry) && entry.length > 0) entries[key] = [];
    else delete entries[key];
    return path.slice(0, depth);
  }
  return [];
}
