import type { Nanoseconds } from '../kernel/clock.ts';
import type { Effect } from './effect-log.ts';

/** What one subscriber did of a schedule: one place per arrival. */
export interface SubscriberTally {
  readonly subscriber: number;
  /** How often each arrival was done, whatever the attempt; 65,535 stands for as many or more. */
  readonly times: Uint16Array;
  /** Its earliest effect (ns, monotonic clock); NaN = never. */
  readonly firstNs: Float64Array;
  /** Ordering key, as the effect carried it. */
  readonly keys: Uint32Array;
}

/** The measured effects of one trial, by subscriber and arrival. */
export interface Tally {
  readonly subscribers: readonly SubscriberTally[];
  /** Effects of this trial that no planned arrival, or no expected subscriber, explains. */
  readonly strangers: number;
  /** Most messages seen in a handler at once. */
  readonly maxConcurrent: number;
  /** The last effect (ns); NaN where there is none. */
  readonly lastNs: Nanoseconds;
}

/**
 * Sorts effects into places. Those of other trials and of warm-up or settling are not looked at.
 * @param plan arrivals planned, and subscribers expected (0: no effect log is kept)
 */
export function tallyEffects(
  plan: { readonly trial: number; readonly count: number; readonly subscribers: number },
  effects: Iterable<Effect>,
): Tally {
  const subscribers = Array.from({ length: plan.subscribers }, (_, i) => emptyTally(i, plan.count));
  let strangers = 0;
  let maxConcurrent = 0;
  let lastNs = NaN;
  for (const effect of effects) {
    if (effect.trial !== plan.trial || effect.stage !== 'measured') continue;
    const tally = subscribers[effect.subscriber];
    if (!tally || effect.sequence >= plan.count) {
      strangers++;
      continue;
    }
    enter(tally, effect);
    maxConcurrent = Math.max(maxConcurrent, effect.concurrent);
    if (!(effect.completedNs <= lastNs)) lastNs = effect.completedNs;
  }
  return { subscribers, strangers, maxConcurrent, lastNs };
}

function emptyTally(subscriber: number, count: number): SubscriberTally {
  return {
    subscriber,
    times: new Uint16Array(count),
    firstNs: new Float64Array(count).fill(NaN),
    keys: new Uint32Array(count),
  };
}

function enter(tally: SubscriberTally, effect: Effect): void {
  const i = effect.sequence;
  tally.times[i] = Math.min(tally.times[i]! + 1, 0xffff);
  // Logs of several processes are read one after the other: the earliest instant, not the first read.
  if (!(tally.firstNs[i]! <= effect.completedNs)) tally.firstNs[i] = effect.completedNs;
  tally.keys[i] = effect.key;
}

/**
 * When the work of arrival `i` was done: with the last subscriber's effect (DESIGN 3.7). NaN while
 * any is missing, and where no effect log is kept.
 */
export function completedNs(tally: Tally, i: number): Nanoseconds {
  let latest = tally.subscribers.length === 0 ? NaN : -Infinity;
  // Math.max yields NaN as soon as one is.
  for (const { firstNs } of tally.subscribers) latest = Math.max(latest, firstNs[i]!);
  return latest;
}

/** When the first subscriber's effect of arrival `i` was there; NaN where nobody did it. */
export function firstCompletedNs(tally: Tally, i: number): Nanoseconds {
  let earliest = NaN;
  for (const { firstNs } of tally.subscribers) {
    const ns = firstNs[i]!;
    if (!Number.isNaN(ns) && !(ns >= earliest)) earliest = ns;
  }
  return earliest;
}
