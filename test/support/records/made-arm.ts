import type { NamedResult } from '../../../src/analysis/compare/comparison.ts';
import type { PatternRecord, Result, Trial } from '../../../src/record/record.ts';
import { phaseOf, REST, resultOf, type Shape, trialOf } from '../result.ts';

/** One arm of an interleaved series, made up: how long a call takes in each round. */
export interface Made {
  /** Per round, in ms: the least that a caller waits; the completion time is half as long again. */
  readonly floorsMs: readonly number[];
  readonly arm?: 'a' | 'b';
  readonly interleave?: Partial<NonNullable<Result['interleave']>>;
  readonly pattern?: PatternRecord;
  readonly change?: (trial: Trial) => Trial;
}

const CALLS = 160;
/** Of calls nearly alike, so that a median is known. */
const TAIL_SHARE = 0.02;

export function shapeOf(leastMs: number): Shape {
  return { leastMs, tailMs: leastMs * TAIL_SHARE };
}

export function armOf({ floorsMs, arm = 'a', interleave, pattern = REST, change }: Made): NamedResult {
  const trials = floorsMs.map((leastMs, i) => {
    const phases = [phaseOf(CALLS, shapeOf(leastMs), shapeOf(leastMs * 1.5), i * 10)];
    const trial = trialOf({ id: i + 1, round: i + 1, pattern: pattern.id, phases });
    return change ? change(trial) : trial;
  });
  const result = resultOf([pattern], trials, {
    interleave: { id: 'one', arm, title: `arm ${arm}`, mode: 'pairs', ...interleave },
  });
  result.scenario = { ...result.scenario, rounds: 24 };
  return { file: `${arm}.json`, result };
}

/** Rounds that drift and jump, the same for both arms. */
export function driftingMs(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, i) => 2 * (1 + 0.02 * i) * (i % 5 === 0 ? 1.3 : 1));
}
