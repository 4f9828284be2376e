import { meanInterval, type MeanInterval } from './ratio.ts';

/**
 * The better of two patterns at one point, decided from interleaved pairs. A pair's value is above zero where the
 * second pattern was better in it.
 */
export type ComparisonSide = 'first' | 'second' | 'alike';

/** The value of a pair, or the reason why it has none. */
export type Sample =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'discarded'; readonly why: string };

export type PointVerdict =
  | { readonly state: 'decided'; readonly side: ComparisonSide }
  /** The pairs are spent, and lie too far apart. */
  | { readonly state: 'unclear' }
  /** Too many pairs were discarded. */
  | { readonly state: 'unmeasured' }
  /** The time was over before all pairs were measured. */
  | { readonly state: 'stopped' };

export interface PointRule {
  /** Numbers of valid pairs for the interim analyses; the last one is final. */
  readonly looks: readonly number[];
  /** Largest mean difference that counts as alike. 0: every difference counts. */
  readonly margin: number;
  /** Least spread assumed of the values. */
  readonly leastDeviation: number;
}

/** Most points that a search measures. */
export const MOST_POINTS = 12;
/** Share of searches that may have a point on the wrong side, whatever they find. */
const ERROR = 0.05;
/** Discarded pairs, before or after a valid one, at which continuing would be a waste. */
const MOST_DISCARDED = { beforeAny: 4, beforeMore: 6 } as const;

/**
 * Confidence of the interval at each interim analysis. A point errs where its interval lies wholly on the wrong side,
 * which is one of its two tails; frequent analyses err more often. So every tail of every analysis at every point gets
 * its share of `ERROR` (Bonferroni's inequality: Dunn 1961, https://doi.org/10.1080/01621459.1961.10482090). This
 * holds however analyses and points depend on each other, and thus for points chosen by earlier ones.
 */
export function lookConfidence({ looks }: Pick<PointRule, 'looks'>): number {
  return 1 - (2 * ERROR) / (MOST_POINTS * looks.length);
}

/**
 * Mean of the values and its interval at the confidence of an interim analysis. Undefined for fewer than two values.
 */
export function intervalOf(samples: readonly Sample[], rule: PointRule): MeanInterval | undefined {
  return meanInterval(valuesOf(samples), lookConfidence(rule), rule.leastDeviation);
}

/**
 * The verdict on the pairs so far; undefined: one more is needed. Interim analyses are made only as planned. More pairs
 * than planned, of a record that another rule ended, are one final analysis.
 */
export function decidePoint(samples: readonly Sample[], rule: PointRule): PointVerdict | undefined {
  const valid = valuesOf(samples).length;
  const discarded = samples.length - valid;
  const last = rule.looks.at(-1)!;
  if (rule.looks.includes(valid) || valid > last) {
    const side = sideOf(intervalOf(samples, rule)!, rule.margin);
    if (side !== undefined) return { state: 'decided', side };
    if (valid >= last) return { state: 'unclear' };
  }
  const most = valid === 0 ? MOST_DISCARDED.beforeAny : Math.max(MOST_DISCARDED.beforeMore, valid);
  return discarded >= most ? { state: 'unmeasured' } : undefined;
}

function sideOf({ low, high }: MeanInterval, margin: number): ComparisonSide | undefined {
  if (low > margin) return 'second';
  if (high < -margin) return 'first';
  return low > -margin && high < margin ? 'alike' : undefined;
}

function valuesOf(samples: readonly Sample[]): number[] {
  return samples.flatMap((sample) => (sample.kind === 'value' ? [sample.value] : []));
}

/**
 * Number of pairs at which an interval of this confidence would leave the observed mean on its side, if the mean stays
 * the same; undefined for fewer than two values, or beyond a sensible number.
 */
export function pairsNeeded(samples: readonly Sample[], rule: PointRule): number | undefined {
  const seen = intervalOf(samples, rule);
  if (!seen) return undefined;
  // Distance to the nearest boundary of a verdict.
  const distance = Math.abs(Math.abs(seen.mean) - rule.margin);
  // The normal quantile of the default rule's confidence is about 3; with this many pairs Student's is close to it.
  const pairs = Math.ceil((3 * (seen.deviation / distance)) ** 2);
  return pairs <= 1000 ? Math.max(pairs, rule.looks.at(-1)! + 1) : undefined;
}
