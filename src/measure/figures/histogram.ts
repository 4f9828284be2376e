import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Series } from './figures.ts';
import {
  emptyHistogram,
  HIGHEST_US,
  readHistogram,
  SIGNIFICANT_DIGITS,
  SUB_BUCKETS,
} from './stored-histogram.ts';

/**
 * HDR histograms of latencies (G. Tene, https://hdrhistogram.org): 3 significant digits, 1 us to 10 min.
 *
 * Error of a reported value against the exact instants:
 * - A sample is rounded to the nearest microsecond, at least 1 us: less than 1 us off.
 * - Below 2,048 us every microsecond has a bucket of its own. Above, a bucket that holds v is at most v / 1024 wide
 *   (2,048 sub-buckets, the upper half used per power of two) and reports its middle, never more than the greatest
 *   sample. Rounding and bucket together are at most v / 2048 off.
 *
 * So `maxErrorUs` below.
 *
 * The library's WebAssembly build records three times as fast (31 against 85 ns), but 600,000 arrivals have three
 * million samples, 0.25 s: not worth its manual memory.
 */

/** Largest distance (us) of a reported quantile from the exact one, `valueUs`, for values up to 10 min. */
export function maxErrorUs(valueUs: number): number {
  return Math.max(1, (valueUs + 1) / SUB_BUCKETS);
}

/** Length of the intervals of intended time that separate events (DESIGN 3.11). */
export const INTERVAL_NS = 100e6;

/** Collects latencies of one kind, of arrivals intended from `fromNs` on (ns from the start of the load). */
export class SeriesBuilder {
  readonly #histogram = new Int32Histogram(1, HIGHEST_US, SIGNIFICANT_DIGITS);
  readonly #maximaUs: (number | null)[] = [];
  readonly #fromNs: Nanoseconds;
  #nonPositive = 0;

  constructor(fromNs: Nanoseconds = 0) {
    this.#fromNs = fromNs;
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /**
   * Records one sample of any value: a clock that seems to go backwards is counted, not hidden. Past 10 min the
   * histogram holds 10 min; the interval's maximum keeps the true value.
   * @param valueNs latency
   * @param intendedNs intended instant of its arrival, from the start of the load
   */
  record(valueNs: Nanoseconds, intendedNs: Nanoseconds): void {
    if (valueNs <= 0) this.#nonPositive++;
    const us = Math.max(1, Math.round(valueNs / 1000));
    this.#histogram.recordValue(Math.min(us, HIGHEST_US));
    const interval = Math.max(0, Math.floor((intendedNs - this.#fromNs) / INTERVAL_NS));
    while (this.#maximaUs.length <= interval) this.#maximaUs.push(null);
    this.#maximaUs[interval] = Math.max(this.#maximaUs[interval] ?? 0, us);
  }

  build(): Series {
    return {
      histogram: encodeIntoCompressedBase64(this.#histogram),
      count: this.#histogram.totalCount,
      nonPositive: this.#nonPositive,
      intervalMaximaUs: [...this.#maximaUs],
    };
  }
}

/** A histogram's non-empty buckets in ascending order; `ranks[i]` = samples up to and in bucket i. */
interface Buckets {
  readonly lowUs: readonly number[];
  readonly highUs: readonly number[];
  readonly ranks: readonly number[];
  readonly maxUs: number;
}

// Decoding takes about a millisecond and a report reads a series many times; a series never changes.
const opened = new WeakMap<Series, Buckets>();

function bucketsOf(series: Series): Buckets {
  const known = opened.get(series);
  if (known) return known;
  const buckets = readBuckets(series);
  opened.set(series, buckets);
  return buckets;
}

function readBuckets(series: Series): Buckets {
  const h = readHistogram(series.histogram);
  const lowUs: number[] = [];
  const highUs: number[] = [];
  const ranks: number[] = [];
  let rank = 0;
  for (let i = 0; rank < h.totalCount; i++) {
    const count = h.getCountAtIndex(i);
    if (count === 0) continue;
    // Subtle: past the array's end the count is undefined. A damaged histogram must end this loop, too.
    if (!(count > 0)) throw new RangeError('Expected the counts to add up to the total');
    rank += count;
    lowUs.push(h.valueFromIndex(i));
    highUs.push(h.highestEquivalentValue(h.valueFromIndex(i)));
    ranks.push(rank);
  }
  return { lowUs, highUs, ranks, maxUs: maxOf(series.intervalMaximaUs) };
}

/**
 * Filled buckets of a histogram from a file; undefined where it is damaged: unreadable, or without the series' number of
 * samples.
 */
export function bucketCount(series: Series): number | undefined {
  try {
    const { ranks } = bucketsOf(series);
    return (ranks.at(-1) ?? 0) === series.count ? ranks.length : undefined;
  } catch {
    return undefined;
  }
}

function maxOf(maximaUs: Series['intervalMaximaUs']): number {
  return maximaUs.reduce<number>((max, us) => Math.max(max, us ?? 0), 0);
}

/**
 * Rank of a quantile, from 1: the smallest integer not below q x n (nearest rank; Hyndman & Fan 1996, definition 1, as
 * in HdrHistogram). Subtle: 0.07 x 100 is 7.000000000000001 in floating point, so a value within a few units in the
 * last place above an integer counts as that integer.
 */
export function rankOf(q: number, count: number): number {
  const exact = q * count;
  return Math.min(count, Math.max(1, Math.ceil(exact - exact * 4 * Number.EPSILON)));
}

/** Position of a quantile: the bounds of its bucket, and the number of samples ranked after it. */
export interface QuantilePosition {
  readonly valueUs: number;
  readonly lowUs: number;
  readonly highUs: number;
  /** Samples whose rank is above the quantile's. */
  readonly beyond: number;
  /** Samples in a higher bucket; the others are ties. */
  readonly strictlyBeyond: number;
}

/** @param q 0 < q <= 1; undefined for an empty series */
export function locate(series: Series, q: number): QuantilePosition | undefined {
  if (series.count === 0) return undefined;
  const { lowUs, highUs, ranks, maxUs } = bucketsOf(series);
  const rank = rankOf(q, series.count);
  const i = firstAtLeast(ranks, rank);
  const low = lowUs[i]!;
  const high = highUs[i]!;
  return {
    valueUs: i === ranks.length - 1 ? Math.min(middle(low, high), maxUs) : middle(low, high),
    lowUs: low,
    highUs: high,
    beyond: series.count - rank,
    strictlyBeyond: series.count - ranks[i]!,
  };
}

/** The middle of a bucket's integer values: the least error on both sides. */
function middle(lowUs: number, highUs: number): number {
  return (lowUs + highUs) / 2;
}

/** Index of the first element of an ascending list that is not below `value`. */
function firstAtLeast(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (ascending[mid]! >= value) high = mid;
    else low = mid + 1;
  }
  return low;
}

/**
 * The value (us) at the quantile's rank, whatever the number of samples: for verdicts. Printed values go through
 * `quantileCell` (percentile.ts). Null for an empty series.
 */
export function quantileUs(series: Series, q: number): number | null {
  return locate(series, q)?.valueUs ?? null;
}

/** The greatest sample (us), exact to the microsecond; null for an empty series. */
export function maximumUs(series: Series): number | null {
  return series.count === 0 ? null : maxOf(series.intervalMaximaUs);
}

/** All samples of several rounds, phases or shards as one series. Percentiles are never averaged. */
export function mergeSeries(all: readonly Series[]): Series {
  if (all.length === 1) return all[0]!;
  const sum = emptyHistogram();
  for (const series of all) sum.add(readHistogram(series.histogram));
  return {
    histogram: encodeIntoCompressedBase64(sum),
    count: sum.totalCount,
    nonPositive: all.reduce((n, series) => n + series.nonPositive, 0),
    intervalMaximaUs: all.flatMap((series) => series.intervalMaximaUs),
  };
}

/** Samples of a series as a cumulative histogram has them. */
export interface CumulativeCounts {
  /** Samples at or below each bound; one in a bucket that a bound cuts counts as above it. */
  readonly atMost: readonly number[];
  /** Of the middles of their buckets. */
  readonly sumUs: number;
}

/** @param boundsUs ascending */
export function cumulativeCounts(series: Series, boundsUs: readonly number[]): CumulativeCounts {
  if (series.count === 0) return { atMost: boundsUs.map(() => 0), sumUs: 0 };
  const { lowUs, highUs, ranks } = bucketsOf(series);
  const atMost = boundsUs.map((boundUs) => ranks[highUs.findLastIndex((high) => high <= boundUs)] ?? 0);
  const sumUs = ranks.reduce(
    (sum, rank, i) => sum + (rank - (ranks[i - 1] ?? 0)) * middle(lowUs[i]!, highUs[i]!),
    0,
  );
  return { atMost, sumUs };
}

export interface Bin {
  readonly fromUs: number;
  readonly toUs: number;
  readonly count: number;
}

export interface BinRange {
  readonly fromUs: number;
  readonly toUs: number;
}

/** The smallest range that holds all samples of all series, so that small histograms can share their axis. */
export function valueRangeOf(all: readonly Series[]): BinRange | undefined {
  const filled = all.filter((series) => series.count > 0).map(bucketsOf);
  if (filled.length === 0) return undefined;
  const fromUs = Math.min(...filled.map((b) => Math.max(1, b.lowUs[0]!)));
  return { fromUs, toUs: Math.max(...filled.map((b) => b.highUs.at(-1)!)) };
}

/**
 * Counts in `bins` bins of equal width on a logarithmic axis, for a small histogram. A bucket counts where its middle
 * lies; values outside the range count in the first or last bin, so that the counts always add up to the series'.
 */
export function logBins(
  series: Series,
  bins: number,
  range: BinRange | undefined = valueRangeOf([series]),
): Bin[] {
  if (!range) return [];
  const perBin = Math.log(Math.max(range.toUs / range.fromUs, 1 + 1e-9)) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  const { lowUs, highUs, ranks } = bucketsOf(series);
  ranks.forEach((rank, i) => {
    const bin = Math.floor(Math.log(middle(lowUs[i]!, highUs[i]!) / range.fromUs) / perBin);
    counts[Math.min(bins - 1, Math.max(0, bin))]! += rank - (ranks[i - 1] ?? 0);
  });
  const edge = (i: number) => range.fromUs * Math.exp(i * perBin);
  return counts.map((count, i) => ({ fromUs: edge(i), toUs: edge(i + 1), count }));
}
