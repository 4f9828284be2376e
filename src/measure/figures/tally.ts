import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Effect } from '../logs/effect-log.ts';
import type { FanOutAt } from './fan-out.ts';

/** One subscriber's work on a schedule: one entry per arrival. */
export interface SubscriberTally {
  readonly subscriber: number;
  /** Executions of each arrival, whatever the attempt; 65,535 means that many or more. */
  readonly times: Uint16Array;
  /** Planned executions; 0: none, as its operation does not reach this service. */
  readonly expected: Uint16Array;
  /** Its earliest effect (ns, monotonic clock); NaN = never. */
  readonly firstNs: Float64Array;
  /** The effect that completed the expected number; NaN = not yet. */
  readonly doneNs: Float64Array;
  /** Ordering key, as the effect carried it. */
  readonly keys: Uint32Array;
}

/** The measured effects of one trial, by subscriber and arrival. */
export interface Tally {
  readonly subscribers: readonly SubscriberTally[];
  /** Effects of this trial that no planned arrival, or no subscriber that expects it, explains. */
  readonly unexplained: number;
  /** Most messages seen in a handler at once. */
  readonly maxConcurrent: number;
  /** Instant of the last effect (ns); NaN without one. */
  readonly lastNs: Nanoseconds;
}

/**
 * Sorts effects by arrival. Effects of other trials, warm-up and the steady-state check are ignored.
 * @param plan arrivals planned, and subscribers expected (0: no effect log); without `fanOut` each of these executes
 * every arrival once
 */
export function tallyEffects(plan: TallyPlan, effects: Iterable<Effect>): Tally {
  const subscribers = Array.from({ length: plan.subscribers }, (_, i) => emptyTally(i, plan));
  let unexplained = 0;
  let maxConcurrent = 0;
  let lastNs = NaN;
  for (const effect of effects) {
    if (effect.trial !== plan.trial || effect.stage !== 'measured') continue;
    const tally = subscribers[effect.subscriber];
    // No arrival is expected beyond the last one.
    if (!tally?.expected[effect.sequence]) {
      unexplained++;
      continue;
    }
    enter(tally, effect);
    maxConcurrent = Math.max(maxConcurrent, effect.concurrent);
    if (!(effect.completedNs <= lastNs)) lastNs = effect.completedNs;
  }
  for (const tally of subscribers) closeSeveral(tally);
  return { subscribers, unexplained, maxConcurrent, lastNs };
}

interface TallyPlan {
  readonly trial: number;
  readonly count: number;
  readonly subscribers: number;
  readonly fanOut?: FanOutAt;
}

interface OpenTally extends SubscriberTally {
  /** All instants of arrivals with several planned executions. */
  readonly several: Map<number, Nanoseconds[]>;
}

function emptyTally(subscriber: number, { count, fanOut }: TallyPlan): OpenTally {
  const firstNs = new Float64Array(count).fill(NaN);
  const expected = new Uint16Array(count).fill(1);
  if (fanOut) for (let i = 0; i < count; i++) expected[i] = fanOut(i)[subscriber] ?? 0;
  return {
    subscriber,
    times: new Uint16Array(count),
    expected,
    firstNs,
    // One array where the first effect is all that is expected.
    doneNs: expected.some((n) => n > 1) ? new Float64Array(count).fill(NaN) : firstNs,
    keys: new Uint32Array(count),
    several: new Map(),
  };
}

function enter(tally: OpenTally, { sequence: i, completedNs: atNs, key }: Effect): void {
  tally.times[i] = Math.min(tally.times[i]! + 1, 0xffff);
  // Logs of several processes are read one after the other: the earliest instant, not the first read.
  if (!(tally.firstNs[i]! <= atNs)) tally.firstNs[i] = atNs;
  tally.keys[i] = key;
  if (tally.expected[i] === 1) tally.doneNs[i] = tally.firstNs[i]!;
  else tally.several.set(i, [...(tally.several.get(i) ?? []), atNs]);
}

function closeSeveral({ several, expected, doneNs }: OpenTally): void {
  for (const [i, instants] of several) {
    doneNs[i] = instants.toSorted((a, b) => a - b)[expected[i]! - 1] ?? NaN;
  }
}

/**
 * Completion of arrival `i`: the last effect of all subscribers that it reaches (DESIGN 3.7). NaN while any is
 * missing, and without an effect log.
 */
export function completedNs(tally: Tally, i: number): Nanoseconds {
  let latest = tally.subscribers.length === 0 ? NaN : -Infinity;
  // Math.max yields NaN as soon as one is.
  for (const { doneNs, expected } of tally.subscribers) {
    if (expected[i]! > 0) latest = Math.max(latest, doneNs[i]!);
  }
  return latest;
}

/** Instant of the first subscriber's effect of arrival `i`; NaN without any. */
export function firstCompletedNs(tally: Tally, i: number): Nanoseconds {
  let earliest = NaN;
  for (const { firstNs } of tally.subscribers) {
    const ns = firstNs[i]!;
    if (!Number.isNaN(ns) && !(ns >= earliest)) earliest = ns;
  }
  return earliest;
}
