import type { StoredSeries } from '../pages/stored.ts';
import { type Bucket, decodeHdr } from './hdr.ts';

/** The samples of one or more stored series (values in us), by buckets. */
export interface Samples {
  readonly count: number;
  /** Ascending. */
  readonly buckets: readonly Bucket[];
  /** Greatest sample of each interval of 100 ms that has one. */
  readonly maxima: readonly number[];
}

const decoded = new WeakMap<StoredSeries, Samples>();

export function samplesOf(series: StoredSeries): Samples {
  const known = decoded.get(series);
  if (known) return known;
  const buckets = decodeHdr(series.histogram);
  const samples = {
    count: total(buckets),
    buckets,
    maxima: series.intervalMaximaUs.filter((us) => us !== null),
  };
  decoded.set(series, samples);
  return samples;
}

/** Counts are added bucket by bucket; null: no series at all. */
export function together(all: readonly StoredSeries[]): Samples | null {
  if (all.length === 0) return null;
  const each = all.map(samplesOf);
  const byLow = new Map<number, Bucket>();
  for (const bucket of each.flatMap(({ buckets }) => buckets)) {
    const before = byLow.get(bucket.low)?.count ?? 0;
    byLow.set(bucket.low, { ...bucket, count: before + bucket.count });
  }
  const buckets = [...byLow.values()].toSorted((a, b) => a.low - b.low);
  return { count: total(buckets), buckets, maxima: each.flatMap(({ maxima }) => maxima) };
}

function total(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

export const LEAST_BEYOND = 20;
const LEAST_INTERVALS = 5;

export interface Percentile {
  readonly us: number;
  /** Samples that rank behind it, and the number of 100 ms intervals that have one. */
  readonly beyond: number;
  readonly intervals: number;
  /** May be printed: enough samples beyond it, from enough separate intervals. */
  readonly isKnown: boolean;
}

/** By the nearest rank: the smallest one that is no less than the share q of all; undefined without samples. */
export function percentile(samples: Samples, q: number): Percentile | undefined {
  return atRank(samples, rankFor(q, samples.count));
}

/** Shares are whole numbers of 1/10,000, so that no rounding moves a rank. */
export function rankFor(q: number, count: number): number {
  return Math.max(1, Math.ceil((count * Math.round(q * 10_000)) / 10_000));
}

/** @param rank from 1 */
export function atRank({ count, buckets, maxima }: Samples, rank: number): Percentile | undefined {
  if (count === 0) return undefined;
  let upTo = 0;
  const found = buckets.find((bucket) => (upTo += bucket.count) >= rank) ?? buckets.at(-1)!;
  const middle = (found.low + found.high) / 2;
  const isHighest = found === buckets.at(-1);
  const beyond = count - rank;
  // Samples of the same bucket that rank behind it are beyond it, too.
  const reach = upTo > rank ? found.low : found.high + 1;
  const intervals = maxima.filter((us) => us >= reach).length;
  return {
    us: isHighest ? Math.min(middle, Math.max(...maxima)) : middle,
    beyond,
    intervals,
    isKnown: beyond >= LEAST_BEYOND && intervals >= LEAST_INTERVALS,
  };
}

/** The percentiles that give way to each other, ascending. */
export const NAMED = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** Us; undefined: it may not be printed. */
export function printable(samples: Samples | null, q: number): number | undefined {
  const found = samples ? percentile(samples, q) : undefined;
  return found?.isKnown ? found.us : undefined;
}

export interface Known {
  readonly q: number;
  readonly us: number;
}

/** The highest named percentile up to `most` that may be printed. */
export function highestKnown(samples: Samples | null, most = 0.99): Known | undefined {
  return NAMED.filter((q) => q <= most)
    .toReversed()
    .flatMap((q): Known[] => {
      const us = printable(samples, q);
      return us === undefined ? [] : [{ q, us }];
    })[0];
}

/** The least number of calls of which 20 rank behind this percentile. */
export function callsNeeded(q: number): number {
  let count = LEAST_BEYOND;
  while (count - rankFor(q, count) < LEAST_BEYOND) count++;
  return count;
}
