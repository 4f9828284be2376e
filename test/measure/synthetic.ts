import { type Arrivals, createArrivals, outcomeCode } from '../../src/measure/logs/arrivals.ts';
import type { Effect } from '../../src/measure/logs/effect-log.ts';
import { type Series } from '../../src/measure/figures/figures.ts';
import { SeriesBuilder } from '../../src/measure/figures/histogram.ts';
import { measureTrial, type TrialEvidence } from '../../src/measure/figures/join.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/clock.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';

/** Trials made by hand: no process, no clock. */

export const TRIAL = 7;
export const START_NS = 3_600 * NS_PER_S;
const DEADLINE_NS = 1_000 * NS_PER_MS;

/** One arrival, in ms after its intended instant. */
export interface Fate {
  readonly dispatchedMs?: number;
  readonly sentMs?: number;
  readonly acknowledgedMs?: number;
  readonly outcome?: Outcome;
  readonly noEffect?: boolean;
  readonly status?: number;
}

/** Arrival i is intended at i x everyMs. */
export function arrivalsOf(fates: readonly Fate[], everyMs = 10): Arrivals {
  const arrivals = createArrivals(fates.length);
  arrivals.startNs = START_NS;
  fates.forEach((fate, i) => {
    const at = (ms: number | undefined) =>
      ms === undefined ? NaN : START_NS + (i * everyMs + ms) * NS_PER_MS;
    arrivals.dispatchedNs[i] = at(fate.dispatchedMs);
    arrivals.sentNs[i] = at(fate.sentMs);
    arrivals.acknowledgedNs[i] = at(fate.acknowledgedMs);
    arrivals.outcome[i] = outcomeCode(fate.outcome ?? 'ok');
    arrivals.noEffect[i] = fate.noEffect ? 1 : 0;
    arrivals.status[i] = fate.status ?? 0;
  });
  return arrivals;
}

export const OK: Fate = { dispatchedMs: 0.1, acknowledgedMs: 2 };

/** An effect at `atMs` after the start of the load. */
export function effectAt(sequence: number, atMs: number, more: Partial<Effect> = {}): Effect {
  return {
    trial: TRIAL,
    stage: 'measured',
    sequence,
    attempt: 1,
    key: 0,
    subscriber: 0,
    concurrent: 1,
    pid: 4711,
    completedNs: START_NS + atMs * NS_PER_MS,
    arrivedNs: NaN,
    begunNs: NaN,
    storedDigest: 0,
    ...more,
  };
}

export function measured(
  fates: readonly Fate[],
  effects: readonly Effect[],
  more: Partial<TrialEvidence> = {},
) {
  return measureTrial({
    trial: TRIAL,
    schedule: { count: fates.length, intendedNs: (i) => i * 10 * NS_PER_MS },
    arrivals: arrivalsOf(fates),
    effects,
    phases: [{ name: 'baseline', fromNs: 0, toNs: 60 * NS_PER_S }],
    deadlineNs: DEADLINE_NS,
    subscribers: 1,
    ...more,
  });
}

/** A series of values in us, value i intended at i x everyMs. */
export function seriesOf(valuesUs: readonly number[], everyMs = 10): Series {
  const builder = new SeriesBuilder();
  valuesUs.forEach((us, i) => builder.record(us * 1000, i * everyMs * NS_PER_MS));
  return builder.build();
}

/**
 * The exact nearest-rank quantile of raw values, in whole-number arithmetic: independent of the code
 * under test.
 * @param perMille the quantile x 1000
 */
export function exactQuantile(values: readonly number[], perMille: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  const rank = Number((BigInt(perMille) * BigInt(values.length) + 999n) / 1000n);
  return ascending[Math.max(1, rank) - 1]!;
}
