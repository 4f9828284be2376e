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

/** Trials by which a pattern is compared: those without a fault, finished or not. */
export function comparedTrials({ pattern }: PatternSide): Trial[] {
  return [
    ...pattern.trials.latency,
    ...pattern.trials.failed.filter(({ kind }) => isUsedFor(kind, 'latency')),
  ];
}
