import { isUsedFor } from '../../plan/kinds/kinds.ts';
import type { Result, Trial } from '../../record/record.ts';
import { variantResults, type PatternResult } from '../patterns/pattern-result.ts';
import type { NamedResult } from './comparison.ts';

/** A pattern of the comparison, as measured in one result. */
export interface PatternSide {
  readonly file: string;
  readonly result: Result;
  readonly pattern: PatternResult;
}

/** A pattern with its results on either side; a side may have none. */
export interface MatchedPattern {
  readonly baseline: readonly PatternSide[];
  readonly candidate: readonly PatternSide[];
}

/** Patterns of both sides, matched by id and variant, in the order of the results that name them. */
export function matchPatterns(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
): MatchedPattern[] {
  const sides = [sidesIn(baseline), sidesIn(candidate)] as const;
  const keys = new Set(sides.flat().map(keyOf));
  return [...keys].map((key) => {
    const [ofBaseline, ofCandidate] = sides.map((lines) => lines.filter((line) => keyOf(line) === key));
    return { baseline: ofBaseline!, candidate: ofCandidate! };
  });
}

function sidesIn(side: readonly NamedResult[]): PatternSide[] {
  return side.flatMap(({ file, result }) =>
    variantResults(result).map((pattern) => ({ file, result, pattern })),
  );
}

function keyOf({ pattern }: PatternSide): string {
  return JSON.stringify([pattern.record.id, pattern.variant]);
}

/**
 * Whether an interleaved comparison is of trials with faults: `ab` runs them alone. Results of `run` are compared by
 * their trials without.
 */
export function isFaulted({ result }: Pick<PatternSide, 'result'>): boolean {
  const { interleave, design } = result;
  return interleave !== undefined && design.order.some(({ kind }) => isUsedFor(kind, 'fault'));
}

/** Trials by which a pattern is compared, finished or not. */
export function comparedTrials(side: PatternSide): Trial[] {
  const use = isFaulted(side) ? 'fault' : 'latency';
  const { latency, faulted, failed } = side.pattern.trials;
  return [...latency, ...faulted, ...failed].filter(({ kind }) => isUsedFor(kind, use));
}
