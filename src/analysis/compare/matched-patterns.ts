import { isUsedFor } from '../../plan/kinds/kinds.ts';
import type { Result, Trial } from '../../record/record.ts';
import { isStep, operationResults, type OperationResult } from '../operations/operation-results.ts';
import type { NamedResult } from './comparison.ts';

/** A pattern of the comparison, as measured in one result. */
export interface PatternSide {
  readonly file: string;
  readonly result: Result;
  readonly pattern: OperationResult;
}

/** A pattern with its results on either side; a side may have none. */
export interface MatchedPattern {
  readonly baseline: readonly PatternSide[];
  readonly candidate: readonly PatternSide[];
}

/**
 * Patterns of both sides, matched by id and variant, in the order of the results that name them; after each the
 * operations and flows of a target that both sides have.
 */
export function matchPatterns(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
): MatchedPattern[] {
  const sides = [sidesIn(baseline), sidesIn(candidate)] as const;
  const keys = new Set(sides.flat().map(keyOf));
  return [...keys].flatMap((key) => {
    const [of, its] = sides.map((lines) => lines.filter((line) => keyOf(line) === key)) as [
      PatternSide[],
      PatternSide[],
    ];
    const line = { baseline: of, candidate: its };
    const isHalf = of.length === 0 || its.length === 0;
    return isHalf && !isWholeMix(line) ? [] : [line];
  });
}

/** Of the whole mix, not of one operation of a target. */
export function isWholeMix({ baseline, candidate }: MatchedPattern): boolean {
  return [...baseline, ...candidate].every(({ pattern }) => pattern.operation === null);
}

function sidesIn(side: readonly NamedResult[]): PatternSide[] {
  return side.flatMap(({ file, result }) =>
    operationResults(result)
      .filter(({ operation }) => !isStep(operation))
      .map((pattern) => ({ file, result, pattern })),
  );
}

function keyOf({ pattern }: PatternSide): string {
  return JSON.stringify([pattern.record.id, pattern.variant, pattern.operation]);
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
