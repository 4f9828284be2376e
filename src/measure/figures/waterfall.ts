import { z } from 'zod';
import type { Nanoseconds } from '../../kernel/clock.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Effect } from '../logs/effect-log.ts';
import { rankOf } from './histogram.ts';
import type { IntendedTimes } from './join.ts';

/**
 * The waterfall of a request's time: stages between the instants stamped on its way. Each stage begins where the
 * previous one ends, so they add up to the whole time, to the nanosecond. Requests are sorted by their whole time into
 * buckets of a logarithmic scale, and each stage of a bucket is summed: rounds and shards merge by adding, and the
 * requests near a quantile are found among all of them. Means, not medians: only means of the stages add up to the
 * time that they explain.
 */

/**
 * Stages in order, each by its end: handed to the client library; given a connection, which is at once unless all were
 * busy; received by the service's
 * handler; admitted; effect done; reply at the caller.
 */
export const WATERFALL_STAGES = ['lag', 'pool', 'there', 'queue', 'handler', 'back'] as const;
export type WaterfallStage = (typeof WATERFALL_STAGES)[number];

/** Buckets per doubling: each is 2.2 % wide. */
const PER_DOUBLING = 32;
const LEAST_NS = 1000;
/** Requests near a quantile: as many as lie beyond it, but at least this number and at most this share. */
const FEWEST_NEAR = 20;
const MOST_NEAR_SHARE = 0.01;

export const waterfallSchema = z.strictObject({
  /** Sum of the stages: the response time, or the completion time. */
  of: z.enum(['response', 'completion']),
  /** Stages with a known end, in order; one without is part of the next. */
  stages: z.array(z.enum(WATERFALL_STAGES)).min(1),
  /** Requests that ended, but whose instants were incomplete or out of order. */
  excluded: z.number().int(),
  /** Ascending: number of the bucket (32 per doubling, from 1 us), requests in it, then each stage's sum in ns. */
  buckets: z.array(z.array(z.number()).min(3)),
});
export type Waterfall = z.infer<typeof waterfallSchema>;

export interface WaterfallEvidence {
  readonly trial: number;
  readonly schedule: IntendedTimes;
  readonly arrivals: Arrivals;
  readonly effects: Iterable<Effect>;
  /** Services that each execute every request; 0 without an effect log. */
  readonly subscribers: number;
  /** The caller waits for subscriber 0: stages of the response. Else of the time until the last subscriber is done. */
  readonly isAnswered: boolean;
}

/** Null where no request ended, or its end is unknown. */
export function waterfallOf(evidence: WaterfallEvidence): Waterfall | null {
  const { schedule, arrivals, isAnswered } = evidence;
  const steps = stepsOf(evidence);
  const last = steps.at(-1)!;
  const isOver = (i: number) =>
    !Number.isNaN(last.atNs[i]!) && (!isAnswered || outcomeAt(arrivals, i) === 'ok');
  const over = Array.from({ length: arrivals.count }, (_, i) => i).filter(isOver);
  if (over.length === 0) return null;
  const observed = steps.filter(({ atNs }) => over.some((i) => !Number.isNaN(atNs[i]!)));
  const buckets = new Map<number, number[]>();
  let excluded = 0;
  for (const i of over) {
    const fromNs = arrivals.startNs + schedule.intendedNs(i);
    if (
      !enter(
        buckets,
        fromNs,
        observed.map(({ atNs }) => atNs[i]!),
      )
    )
      excluded++;
  }
  return {
    of: isAnswered ? 'response' : 'completion',
    stages: observed.map(({ stage }) => stage),
    excluded,
    buckets: ascending(buckets),
  };
}

/** A stage, and when it ended for each arrival (NaN: not observed). */
interface Step {
  readonly stage: WaterfallStage;
  readonly atNs: Float64Array;
}

function stepsOf(evidence: WaterfallEvidence): Step[] {
  const { arrivals, isAnswered } = evidence;
  const { arrivedNs, begunNs, completedNs } = passagesIn(evidence);
  return [
    { stage: 'lag', atNs: arrivals.dispatchedNs },
    { stage: 'pool', atNs: arrivals.sentNs },
    { stage: 'there', atNs: arrivedNs },
    { stage: 'queue', atNs: begunNs },
    { stage: 'handler', atNs: completedNs },
    ...(isAnswered ? [{ stage: 'back' as const, atNs: arrivals.acknowledgedNs }] : []),
  ];
}

/** Instants of each arrival in the service: received, admitted, done. */
interface Passages {
  readonly arrivedNs: Float64Array;
  readonly begunNs: Float64Array;
  readonly completedNs: Float64Array;
}

/** Instants of the first effect; with several subscribers, of the one that was done last. */
function passagesIn({ trial, schedule, effects, subscribers, isAnswered }: WaterfallEvidence): Passages {
  const answering = isAnswered ? Math.min(1, subscribers) : subscribers;
  const each = Array.from({ length: Math.max(1, answering) }, () => noPassages(schedule.count));
  for (const effect of effects) {
    const { sequence: i } = effect;
    if (effect.trial !== trial || effect.stage !== 'measured' || i >= schedule.count) continue;
    const own = each[effect.subscriber];
    // Written so that NaN, none yet, does not count as earlier.
    if (own && effect.subscriber < answering && !(own.completedNs[i]! <= effect.completedNs))
      set(own, i, effect);
  }
  return each.reduce((first, other) => {
    for (let i = 0; i < schedule.count; i++) {
      const [its, others] = [first.completedNs[i]!, other.completedNs[i]!];
      if (!Number.isNaN(its) && !(others <= its)) set(first, i, at(other, i));
    }
    return first;
  });
}

function noPassages(count: number): Passages {
  const none = () => new Float64Array(count).fill(NaN);
  return { arrivedNs: none(), begunNs: none(), completedNs: none() };
}

type Passage = Pick<Effect, keyof Passages>;

function at({ arrivedNs, begunNs, completedNs }: Passages, i: number): Passage {
  return { arrivedNs: arrivedNs[i]!, begunNs: begunNs[i]!, completedNs: completedNs[i]! };
}

function set(passages: Passages, i: number, { arrivedNs, begunNs, completedNs }: Passage): void {
  passages.arrivedNs[i] = arrivedNs;
  passages.begunNs[i] = begunNs;
  passages.completedNs[i] = completedNs;
}

/** @returns whether its instants are complete and in order */
function enter(buckets: Map<number, number[]>, fromNs: Nanoseconds, endsNs: readonly Nanoseconds[]): boolean {
  const stagesNs = endsNs.map((ns, step) => ns - (endsNs[step - 1] ?? fromNs));
  // NaN is no order either.
  if (!stagesNs.every((ns) => ns >= 0)) return false;
  const number = bucketOf(endsNs.at(-1)! - fromNs);
  const sums = buckets.get(number) ?? Array.from({ length: stagesNs.length + 1 }, () => 0);
  sums[0]!++;
  for (const [step, ns] of stagesNs.entries()) sums[step + 1]! += ns;
  buckets.set(number, sums);
  return true;
}

function bucketOf(ns: Nanoseconds): number {
  return Math.floor(Math.log2(Math.max(ns, LEAST_NS) / LEAST_NS) * PER_DOUBLING);
}

function ascending(buckets: ReadonlyMap<number, readonly number[]>): number[][] {
  return [...buckets].toSorted(([a], [b]) => a - b).map(([number, sums]) => [number, ...sums]);
}

/** Merges rounds; undefined where their stages differ, or there are none. */
export function mergeWaterfalls(all: readonly Waterfall[]): Waterfall | undefined {
  const [first] = all;
  if (!first) return undefined;
  const keyOf = ({ of, stages }: Waterfall) => [of, ...stages].join();
  if (!all.every((one) => keyOf(one) === keyOf(first))) return undefined;
  const buckets = new Map<number, number[]>();
  for (const [number, ...sums] of all.flatMap((one) => one.buckets)) {
    const earlier = buckets.get(number!);
    buckets.set(
      number!,
      sums.map((sum, i) => sum + (earlier?.[i] ?? 0)),
    );
  }
  const excluded = all.reduce((sum, one) => sum + one.excluded, 0);
  return { ...first, excluded, buckets: ascending(buckets) };
}

/** The mean stages of the requests near a quantile. */
export interface NearQuantile {
  readonly requests: number;
  /** The stages' sum. */
  readonly wholeNs: Nanoseconds;
  readonly stages: readonly { readonly stage: WaterfallStage; readonly meanNs: Nanoseconds }[];
}

/** Undefined where there is no request. */
export function nearQuantile({ stages, buckets }: Waterfall, quantile: number): NearQuantile | undefined {
  const total = buckets.reduce((sum, [, count]) => sum + count!, 0);
  if (total === 0) return undefined;
  const near = bucketsNear(buckets, rankOf(quantile, total), wantedOf(quantile, total));
  const requests = near.reduce((sum, [, count]) => sum + count!, 0);
  const means = stages.map((stage, i) => {
    return { stage, meanNs: near.reduce((sum, bucket) => sum + bucket[i + 2]!, 0) / requests };
  });
  return { requests, wholeNs: means.reduce((sum, { meanNs }) => sum + meanNs, 0), stages: means };
}

function wantedOf(quantile: number, total: number): number {
  return Math.max(FEWEST_NEAR, Math.ceil(total * Math.min(MOST_NEAR_SHARE, 1 - quantile)));
}

/** The bucket that holds the rank, and its nearest neighbours until there are enough requests. */
function bucketsNear(buckets: Waterfall['buckets'], rank: number, wanted: number): Waterfall['buckets'] {
  let before = 0;
  let from = buckets.findIndex(([, count]) => (before += count!) >= rank);
  let to = from;
  const [middle, found] = buckets[from]!;
  let count = found!;
  while (count < wanted && (from > 0 || to < buckets.length - 1)) {
    const down = middle! - (buckets[from - 1]?.[0] ?? -Infinity);
    const up = (buckets[to + 1]?.[0] ?? Infinity) - middle!;
    count += buckets[down <= up ? --from : ++to]![1]!;
  }
  return buckets.slice(from, to + 1);
}
