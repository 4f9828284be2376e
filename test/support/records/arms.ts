import type { AbRecord, ArmId } from '../../../src/experiments/ab/record.ts';
import type { Result } from '../../../src/record/record.ts';
import { latencyTrial, phaseOf, REST, resultOf } from '../result.ts';

export interface ArmShape {
  readonly pairs: number;
  /** How much longer everything of the candidate takes. */
  readonly factor?: number;
  readonly interleaved?: boolean;
}

/** What an `ab` of a service against itself, made slower, leaves: one result for each arm. */
export function armResults({ pairs, factor = 1, interleaved = true }: ArmShape): { a: Result; b: Result } {
  const arm = (name: 'a' | 'b', by: number): Result => {
    const shape = { leastMs: 0.6 * by, tailMs: 0.3 * by };
    const trials = Array.from({ length: pairs }, (_, i) => {
      const seed = i * 20 + (name === 'a' ? 0 : 10);
      return latencyTrial(i + 1, 'rest', i + 1, { phases: [phaseOf(600, shape, shape, seed)] });
    });
    const interleave = interleaved
      ? { id: 'ab-1', arm: name, title: `arm ${name}`, mode: 'pairs' as const }
      : undefined;
    return resultOf([REST], trials, { interleave });
  };
  return { a: arm('a', 1), b: arm('b', factor) };
}

/** What an `ab` writes of both arms: header and trials are theirs. */
export function abRecordOf(
  { a, b }: Readonly<Record<ArmId, Result>>,
  state: Result['state'] = a.state,
): AbRecord {
  const { interleave, design: _, ...header } = a;
  const { id = 'ab-1', mode = 'pairs' } = interleave ?? {};
  const armOf = ({ scenario, patterns, design, interleave: own }: Result) => {
    return { title: own?.title ?? scenario.title, scenario, patterns, calibration: design.calibration };
  };
  const trialsOf = ({ trials }: Result, arm: ArmId) => trials.map((trial) => ({ ...trial, arm }));
  return {
    ...header,
    state,
    experiment: 'ab',
    design: {
      id,
      mode,
      kind: 'latency',
      margin: 0.05,
      mostPairs: 24,
      budgetMs: 1_800_000,
      arms: { a: armOf(a), b: armOf(b) },
    },
    trials: [...trialsOf(a, 'a'), ...trialsOf(b, 'b')],
  };
}
