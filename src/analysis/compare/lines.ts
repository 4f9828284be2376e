import { isUsedFor } from '../../plan/kinds/kinds.ts';
import type { Result, Trial } from '../../record/record.ts';
import { linesOf, type ResultRow } from '../patterns/row.ts';
import type { NamedResult } from './comparison.ts';

/** A row of the comparison, as it stands in one result. */
export interface Line {
  readonly file: string;
  readonly result: Result;
  readonly row: ResultRow;
}

/** A row with its lines in all results of either side; a side may have none. */
export interface MatchedLine {
  readonly baseline: readonly Line[];
  readonly candidate: readonly Line[];
}

/** Rows of both sides, matched by the pattern's id and the variant: in the order of the results that name them. */
export function matchLines(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
): MatchedLine[] {
  const sides = [linesIn(baseline), linesIn(candidate)] as const;
  const keys = new Set(sides.flat().map(keyOf));
  return [...keys].map((key) => {
    const [ofBaseline, ofCandidate] = sides.map((lines) => lines.filter((line) => keyOf(line) === key));
    return { baseline: ofBaseline!, candidate: ofCandidate! };
  });
}

function linesIn(side: readonly NamedResult[]): Line[] {
  return side.flatMap(({ file, result }) => linesOf(result).map((row) => ({ file, result, row })));
}

function keyOf({ row }: Line): string {
  return JSON.stringify([row.pattern.id, row.variant]);
}

/** Trials of a line by which it is compared: those without a fault, finished or not. */
export function comparedTrials({ row }: Line): Trial[] {
  return [...row.latency, ...row.failed.filter(({ kind }) => isUsedFor(kind, 'latency'))];
}
