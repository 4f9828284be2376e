import { type Shape, completeResult, QUEUE, REST, seriesOf } from '../result.ts';
import type { LimitingFactor } from '../../../src/record/rate-assessment.ts';
import { sweepSchema, type Sweep, type SweepTrial } from '../../../src/record/sweep-record.ts';
import type { PatternRecord } from '../../../src/record/record.ts';

const RATES = [100, 200, 400, 800, 1600];
const ROUNDS = 2;

/** An open queue of one server (M/M/1): mean wait 1 / (capacity − rate); past it a backlog that grows. */
export function delayOf(ratePerS: number, capacityPerS: number): Shape {
  if (ratePerS >= capacityPerS) return { floorMs: 300, tailMs: 200 };
  return { floorMs: 0.3, tailMs: 1000 / (capacityPerS - ratePerS) };
}

export function sweepTrial(
  id: number,
  pattern: PatternRecord,
  at: { round: number; ratePerS: number; capacityPerS: number },
  more: Partial<SweepTrial> = {},
): SweepTrial {
  const { round, ratePerS, capacityPerS } = at;
  const isSustained = ratePerS < capacityPerS;
  const shape = delayOf(ratePerS, capacityPerS);
  const count = 300;
  const inTime = Math.round(count * Math.min(1, capacityPerS / ratePerS));
  const limit: LimitingFactor | null = isSustained ? null : 'saturated';
  return {
    id,
    round,
    pattern: pattern.id,
    ratePerS,
    durationMs: (count * 1000) / ratePerS,
    state: 'done',
    validity: { verdict: 'valid', causes: [], boundQuantiles: [] },
    load: { verdict: isSustained ? 'sustained' : 'saturated', detail: 'made up' },
    limit,
    why: isSustained ? null : 'made up',
    growthPerS: isSustained ? 0 : ratePerS - capacityPerS,
    planned: count,
    correct: inTime,
    doneInTime: inTime,
    evidence: 'effect-log',
    response: seriesOf(count, shape, id),
    completion: seriesOf(count, shape, id + 1000),
    ...more,
  };
}

/** REST up to 1,000/s, of which the highest rate is generator-bound; the queue up to 500/s, which it is above from 800/s on. */
export function madeSweep(more: Partial<Sweep> = {}): Sweep {
  const trials: SweepTrial[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const ratePerS of RATES) {
      trials.push(
        sweepTrial(trials.length + 1, REST, { round, ratePerS, capacityPerS: 2000 }, boundAt(ratePerS)),
      );
      trials.push(sweepTrial(trials.length + 1, QUEUE, { round, ratePerS, capacityPerS: 500 }));
    }
  }
  const { environment, brokers, scenario } = completeResult();
  return sweepSchema.parse({
    format: 'commbench-sweep',
    version: 1,
    commbench: '0.1.0',
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:05:00.000Z',
    state: 'complete',
    scenario,
    rates: RATES,
    rounds: ROUNDS,
    quantile: 0.9,
    objective: {
      text: 'completion p90 < 20ms',
      figure: 'completion',
      quantile: 0.9,
      limitUs: 20_000,
      isInclusive: false,
    },
    seed: 7,
    patterns: [REST, QUEUE],
    environment,
    brokers,
    trials,
    ...more,
  });
}

function boundAt(ratePerS: number): Partial<SweepTrial> {
  if (ratePerS < 1600) return {};
  const detail = 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)';
  return {
    validity: {
      verdict: 'generator-bound',
      causes: [{ cause: 'generator-bound', detail }],
      boundQuantiles: [0.5, 0.9],
    },
    limit: 'generator-bound',
    why: detail,
  };
}
