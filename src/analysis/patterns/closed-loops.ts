import type { LoopFigures } from '../../measure/figures/closed-loop.ts';
import { evenMedian } from '../../measure/stats/median.ts';
import type { PatternResult } from './pattern-result.ts';

/** Median of the turns, and their range. */
export interface OverTurns {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The closed loops of one pattern with one number of calls open; null: no turn in which it is known. */
export interface ClosedLoopLine {
  readonly pattern: PatternResult;
  readonly open: number;
  readonly turns: number;
  /** Calls that failed, in all turns. */
  readonly failed: number;
  readonly acceptedPerS: OverTurns | null;
  readonly donePerS: OverTurns | null;
  readonly responseP50Us: OverTurns | null;
}

/** Pattern by pattern, fewest calls open first; empty where no closed loops were run. */
export function closedLoopLines(patterns: readonly PatternResult[]): ClosedLoopLine[] {
  return patterns.flatMap((pattern) => {
    const loops = pattern.trials.closedLoop.flatMap(({ closedLoops = [] }) => closedLoops);
    const byOpen = [...Map.groupBy(loops, ({ open }) => open)].toSorted(([a], [b]) => a - b);
    return byOpen.map(([open, turns]) => lineOf(pattern, open, turns));
  });
}

function lineOf(pattern: PatternResult, open: number, turns: readonly LoopFigures[]): ClosedLoopLine {
  const over = (of: (loop: LoopFigures) => number | null) =>
    overTurns(turns.flatMap((loop) => of(loop) ?? []));
  return {
    pattern,
    open,
    turns: turns.length,
    failed: turns.reduce((sum, { failed }) => sum + failed, 0),
    acceptedPerS: over((loop) => loop.acceptedPerS),
    donePerS: over((loop) => loop.donePerS),
    responseP50Us: over((loop) => loop.responseP50Us),
  };
}

function overTurns(values: readonly number[]): OverTurns | null {
  if (values.length === 0) return null;
  return { median: evenMedian(values), low: Math.min(...values), high: Math.max(...values) };
}
