import type { Series } from './figures.ts';
import { locate, type QuantilePosition } from './histogram.ts';

/** Samples required beyond a printed percentile ... */
export const SAMPLES_BEYOND = 20;
/** ... and separate 100 ms intervals with such samples: one pause is one event (DESIGN 3.11). */
export const INTERVALS_BEYOND = 5;

/** Quantiles for naming a spread, ascending. */
export const SPREAD_QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999] as const;

/** One percentile of a report: its value, or what it would take to know it. */
export type QuantileCell =
  | {
      readonly state: 'known';
      readonly quantile: number;
      readonly valueUs: number;
      /** Samples that rank after it, and in how many separate intervals they lie. */
      readonly beyond: number;
      readonly intervals: number;
    }
  | {
      readonly state: 'needs';
      readonly quantile: number;
      readonly samplesBeyond: number;
      readonly samplesNeeded: number;
      readonly intervals: number;
      readonly intervalsNeeded: number;
      /** Samples there are, and how many a series must have for this percentile. */
      readonly count: number;
      readonly countNeeded: number;
    };

/** The quantile of a series (merged over rounds), if rule 3.11 lets it be printed. */
export function quantileCell(series: Series, quantile: number): QuantileCell {
  const place = locate(series, quantile);
  const beyond = place?.beyond ?? 0;
  const intervals = place ? intervalsBeyond(series, place) : 0;
  if (place && beyond >= SAMPLES_BEYOND && intervals >= INTERVALS_BEYOND) {
    return { state: 'known', quantile, valueUs: place.valueUs, beyond, intervals };
  }
  return {
    state: 'needs',
    quantile,
    samplesBeyond: beyond,
    samplesNeeded: SAMPLES_BEYOND,
    intervals,
    intervalsNeeded: INTERVALS_BEYOND,
    count: series.count,
    countNeeded: countNeeded(quantile),
  };
}

/** The least n with n - ceil(q n) >= 20, which is floor((1 - q) n) >= 20. */
export function countNeeded(quantile: number): number {
  return Math.ceil(SAMPLES_BEYOND / (1 - quantile) - 1e-6);
}

/**
 * Number of intervals with samples beyond the quantile. Subtle: the quantile's rank may cut through equal values (a
 * constant delay gives thousands of them). Some ties then rank beyond it, and an interval that reaches the quantile's
 * own bucket counts; otherwise only higher buckets do.
 */
function intervalsBeyond(series: Series, place: QuantilePosition): number {
  const hasTiesBeyond = place.strictlyBeyond < place.beyond;
  const aboveUs = hasTiesBeyond ? place.lowUs : place.highUs + 1;
  return series.intervalMaximaUs.filter((us) => us !== null && us >= aboveUs).length;
}

/** The spread over rounds (DESIGN 3.12). */
export type Spread =
  | {
      readonly state: 'known';
      /** The quantile of these values: the requested one, or a lower one that every round has. */
      readonly quantile: number;
      readonly asked: number;
      readonly lowUs: number;
      readonly highUs: number;
      readonly rounds: number;
    }
  | { readonly state: 'unknown'; readonly reason: 'one-round' | 'too-few-samples'; readonly rounds: number };

/**
 * The range of the rounds' own values at a quantile where each round alone meets rule 3.11. Otherwise the highest lower
 * quantile where each does.
 */
export function spreadOf(rounds: readonly Series[], quantile: number): Spread {
  if (rounds.length < 2) return { state: 'unknown', reason: 'one-round', rounds: rounds.length };
  const lower = SPREAD_QUANTILES.filter((q) => q < quantile).toReversed();
  for (const q of [quantile, ...lower]) {
    const values = rounds.flatMap((series) => {
      const cell = quantileCell(series, q);
      return cell.state === 'known' ? [cell.valueUs] : [];
    });
    if (values.length < rounds.length) continue;
    const range = { lowUs: Math.min(...values), highUs: Math.max(...values) };
    return { state: 'known', quantile: q, asked: quantile, ...range, rounds: rounds.length };
  }
  return { state: 'unknown', reason: 'too-few-samples', rounds: rounds.length };
}
