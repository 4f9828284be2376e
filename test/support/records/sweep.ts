import type { PatternRecord } from '../../../src/record/record.ts';
import {
  type Sweep,
  type SweepDesign,
  sweepSchema,
  type SweepTrial,
} from '../../../src/experiments/sweep/record.ts';
import { completeResult, phaseOf, QUEUE, REST, seriesOf, type Shape, trialOf } from '../result.ts';

const RATES = [100, 200, 400, 800, 1600];
const ROUNDS = 2;
const CALLS = 300;

/** An open queue of one server (M/M/1): mean wait 1 / (capacity − rate); past it a backlog that grows. */
function delayOf(ratePerS: number, capacityPerS: number): Shape {
  if (ratePerS >= capacityPerS) return { leastMs: 300, tailMs: 200 };
  return { leastMs: 0.3, tailMs: 1000 / (capacityPerS - ratePerS) };
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
  const inTime = Math.round(CALLS * Math.min(1, capacityPerS / ratePerS));
  const phase = phaseOf(CALLS, shape, shape, id, {
    toNs: (CALLS * 1e9) / ratePerS,
    correct: inTime,
    doneInTime: inTime,
    response: seriesOf(CALLS, shape, id),
    completion: seriesOf(CALLS, shape, id + 1000),
  });
  const trial = trialOf({
    id,
    round,
    pattern: pattern.id,
    phases: [phase],
    load: { verdict: isSustained ? 'sustained' : 'saturated', detail: 'made up' },
    backlogGrowth: { perS: isSustained ? 0 : ratePerS - capacityPerS, isGrowing: !isSustained },
  });
  return { ...trial, ratePerS, ...more };
}

/** What may be made up otherwise; the design's fields among it. */
export interface SweepChange extends Partial<Omit<Sweep, 'design'>> {
  readonly design?: Partial<SweepDesign>;
}

/** REST up to 1,000/s, of which the highest rate is generator-bound; the queue up to 500/s, which it is above from 800/s on. */
export function madeSweep({ design, ...more }: SweepChange = {}): Sweep {
  const trials: SweepTrial[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const ratePerS of RATES) {
      trials.push(
        sweepTrial(trials.length + 1, REST, { round, ratePerS, capacityPerS: 2000 }, boundAt(ratePerS)),
      );
      trials.push(sweepTrial(trials.length + 1, QUEUE, { round, ratePerS, capacityPerS: 500 }));
    }
  }
  return sweepSchema.parse({
    ...completeResult(),
    experiment: 'sweep',
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:05:00.000Z',
    seed: 7,
    design: {
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
      ...design,
    },
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
  };
}
