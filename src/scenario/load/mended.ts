import type { z } from 'zod';
import type { Path } from '../schema/json-schema.ts';
import { type Scenario, scenarioShape } from '../schema/schema.ts';

export interface Mended {
  readonly value: unknown;
  readonly scenario: Scenario;
  /**
   * Where in the original that is which is wrong here; undefined of what was mended: a problem inside of it may
   * follow from that, and is none of the reader's.
   */
  originOf(path: Path): Path | undefined;
}

/** Lists that nothing else in a scenario depends on. */
const LEAVES = ['faults', 'cases', 'variants', 'endpoints', 'thresholds'];

/** Lists of which one entry can be left out without the others: nobody counts them. */
const SEPARABLE = [...LEAVES, 'policies'];

/** Each time what could not be left out itself takes its surroundings along. */
const MOST_TRIES = 4;

/**
 * A copy without the values that are wrong by themselves, so that the rest can be looked at in the same go: all
 * mistakes at once. Undefined where a field of the scenario's own is wrong, as everything else may depend on it.
 */
export function mend(original: unknown): Mended | undefined {
  const value = structuredClone(original);
  const places: Places = new WeakMap();
  const lost: Path[] = [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { data, error } = scenarioShape.safeParse(value);
    if (data) return { value, scenario: data, originOf: (path) => originOf(path, { value, places, lost }) };
    const left: Path[] = [];
    // From the last one on: an entry that is left out moves those behind it.
    for (const path of error.issues.flatMap(wrongPaths).toReversed()) {
      if (left.some((at) => isWithin(path, at))) continue;
      const before = placeOf(value, places, path);
      const at = leaveOut(value, places, path);
      if (at.length === 0) return undefined;
      const isOwn = at.length === 1 && Object.hasOwn(scenarioShape.shape, at[0]!);
      if (isOwn && !LEAVES.includes(String(at[0]))) return undefined;
      left.push(at);
      lost.push(before.slice(0, takesParent(at) ? at.length - 1 : at.length));
    }
  }
  return undefined;
}

/** Of what lacks a field, the others may mean something else; but not of a target. */
function takesParent(path: Path): boolean {
  return path.length > 1 && typeof path.at(-1) === 'string' && path[0] !== 'targets';
}

/** Of a list that lacks some of its entries: where each of the others stood. */
type Places = WeakMap<object, number[]>;

function originOf(
  path: Path,
  { value, places, lost }: { value: unknown; places: Places; lost: readonly Path[] },
): Path | undefined {
  const place = placeOf(value, places, path);
  return lost.some((one) => isWithin(place, one)) ? undefined : place;
}

function placeOf(value: unknown, places: Places, path: Path): Path {
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

/**
 * Leaves out the innermost entry of a mapping, or of a list whose entries are separable, on the way to `path` that is
 * there: another list of which something is wrong is emptied, all else deleted.
 * @returns its path; of length 0: none
 */
function leaveOut(value: unknown, places: Places, path: Path): Path {
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
