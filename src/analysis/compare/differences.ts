import type { Comparison, DifferenceValue, NamedResult } from './comparison.ts';
import { type Fact, factsOf } from './facts.ts';
import { isWholeMix, type MatchedPattern, matchPatterns, type PatternSide } from './matched-patterns.ts';

/** Differences of one pattern; null: of all. */
export interface FoundDifferences {
  readonly role: Fact['role'];
  readonly what: string;
  readonly pattern: string | null;
  readonly baseline: readonly DifferenceValue[];
  readonly candidate: readonly DifferenceValue[];
}

/**
 * Properties in which the two sides differ, or that vary within one side. Properties of the machine and its brokers are
 * compared only where both sides have them.
 */
export function differencesOf(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
  matched: readonly MatchedPattern[],
): FoundDifferences[] {
  // If a side has not run a pattern, there is nothing to compare, and its missing broker is no difference.
  const isRun = (lines: readonly PatternSide[]) =>
    lines.some(({ pattern }) => pattern.record.state === 'run');
  const both = matched.filter((line) => isRun(line.baseline) && isRun(line.candidate));
  const sides = [
    factsBy(
      baseline,
      both.flatMap((line) => line.baseline),
    ),
    factsBy(
      candidate,
      both.flatMap((line) => line.candidate),
    ),
  ] as const;
  const [a, b] = sides;
  return [...new Map([...a, ...b])].flatMap(([key, { fact }]): FoundDifferences[] => {
    const [of, its] = [a, b].map((side) => side.get(key)?.values ?? NONE) as [Values, Values];
    if (isUnreported(fact, of, its) || (of.size < 2 && its.size < 2 && isSame(of, its))) return [];
    const { role, what, pattern } = fact;
    return [{ role, what, pattern, baseline: [...of.values()], candidate: [...its.values()] }];
  });
}

/** Values by their identity. */
type Values = ReadonlyMap<string, DifferenceValue>;

const NONE: Values = new Map();

interface FactValues {
  readonly fact: Fact;
  readonly values: Map<string, DifferenceValue>;
}

function factsBy(side: readonly NamedResult[], lines: readonly PatternSide[]): Map<string, FactValues> {
  const all = new Map<string, FactValues>();
  for (const { result } of side) {
    for (const fact of factsOf(
      result,
      lines.filter((line) => line.result === result),
    )) {
      const key = JSON.stringify([fact.role, fact.what, fact.pattern]);
      const known = all.get(key) ?? { fact, values: new Map<string, DifferenceValue>() };
      known.values.set(JSON.stringify(fact.value), fact.value);
      all.set(key, known);
    }
  }
  return all;
}

function isUnreported({ what }: Fact, of: Values, its: Values): boolean {
  return /^(machine|library|broker)\./.test(what) && (of.size === 0 || its.size === 0);
}

/** Each side has at most one value, and they are the same. */
function isSame(of: Values, its: Values): boolean {
  return [...of.keys()][0] === [...its.keys()][0];
}

/** Example: `client of rest`. */
export function nameOfDifference({ what, pattern }: Pick<FoundDifferences, 'what' | 'pattern'>): string {
  return pattern === null ? what : `${what} of ${pattern}`;
}

/**
 * Confounders, each with whether it was declared: by full name, by name without its pattern, or by its first word
 * (`machine`).
 */
export function confoundersOf(
  found: readonly FoundDifferences[],
  declared: readonly string[],
): Comparison['confounders'] {
  return found
    .filter(({ role }) => role === 'confounder')
    .map((one) => {
      const names = [nameOfDifference(one), one.what, one.what.split('.')[0]!];
      return { ...shown(one), isDeclared: names.some((name) => declared.includes(name)) };
    });
}

/** What would keep these two sides from being compared. */
export function confoundersBetween(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
): Comparison['confounders'] {
  const matched = matchPatterns(baseline, candidate).filter(isWholeMix);
  return confoundersOf(differencesOf(baseline, candidate, matched), []);
}

export function factorsOf(found: readonly FoundDifferences[]): Comparison['factors'] {
  return found.filter(({ role }) => role === 'factor').map(shown);
}

function shown(one: FoundDifferences) {
  return { what: nameOfDifference(one), baseline: one.baseline, candidate: one.candidate };
}
