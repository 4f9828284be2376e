import type { z } from 'zod';
import type { Path } from './json-schema.ts';
import { type Scenario, scenarioShape } from './schema.ts';

export interface Mended {
  readonly value: unknown;
  readonly scenario: Scenario;
  /** What was mended: a problem inside of it may follow from that, and is none of the reader's. */
  isMended(path: Path): boolean;
}

/** Lists that nothing else in a scenario depends on. */
const LEAVES = ['faults', 'cases', 'variants', 'endpoints'];

/** Each time what could not be left out itself takes its surroundings along. */
const MOST_TRIES = 4;

/**
 * A copy without the values that are wrong by themselves, so that the rest can be looked at in the same go: all
 * mistakes at once. Undefined where a field of the scenario's own is wrong, as everything else may depend on it.
 */
export function mend(original: unknown): Mended | undefined {
  const value = structuredClone(original);
  const left: Path[] = [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { data, error } = scenarioShape.safeParse(value);
    if (data) {
      const lost = left.map((at) => (at.length > 1 ? at.slice(0, -1) : at));
      return { value, scenario: data, isMended: (path) => lost.some((one) => isWithin(path, one)) };
    }
    const before = left.length;
    for (const path of error.issues.flatMap(wrongPaths)) {
      if (left.slice(before).some((at) => isWithin(path, at))) continue;
      const at = leaveOut(value, path);
      if (at.length === 0) return undefined;
      const isOwn = at.length === 1 && Object.hasOwn(scenarioShape.shape, at[0]!);
      if (isOwn && !LEAVES.includes(String(at[0]))) return undefined;
      left.push(at);
    }
  }
  return undefined;
}

function wrongPaths(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path as Path;
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function isWithin(path: Path, of: Path): boolean {
  return of.every((key, i) => key === path[i]);
}

/**
 * Leaves out the innermost entry of a mapping on the way to `path` that is there: a list of which something is wrong
 * is emptied, all else deleted.
 * @returns its path; of length 0: none
 */
function leaveOut(value: unknown, path: Path): Path {
  for (let depth = path.length; depth > 0; depth--) {
    const key = path[depth - 1]!;
    const parent = path.slice(0, depth - 1).reduce<unknown>((at, k) => (at as never)?.[k], value);
    if (typeof key === 'number' || typeof parent !== 'object' || parent === null) continue;
    if (!Object.hasOwn(parent, key)) continue;
    const entries = parent as Record<string, unknown>;
    const entry = entries[key];
    if (depth < path.length && Array.isArray(entry) && entry.length > 0) entries[key] = [];
    else delete entries[key];
    return path.slice(0, depth);
  }
  return [];
}
