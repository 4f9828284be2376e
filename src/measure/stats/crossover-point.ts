import { meanInterval, type MeanInterval } from './ratio.ts';

/**
 * Which of two rows is better at one point, judged from interleaved pairs. A pair's value is above zero where
 * the second row was better in it.
 */
export type ComparisonSide = 'first' | 'second' | 'alike';

/** What one pair says, or why it says nothing. */
export type Sample =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'discarded'; readonly why: string };

export type PointVerdict =
  | { readonly state: 'decided'; readonly side: ComparisonSide }
  /** The pairs are spent, and lie too far apart. */
  | { readonly state: 'unclear' }
  /** Too many pairs did not count. */
  | { readonly state: 'unmeasured' }
  /** The time was over before the pairs were. */
  | { readonly state: 'stopped' };

export interface PointRule {
  /** Valid pairs after which the point is judged, the last of them for good. */
  readonly looks: readonly number[];
  /** So small a mean is called alike. 0: nothing is, and every difference counts. */
  readonly margin: number;
  /** What values are taken to be spread at least. */
  readonly leastDeviation: number;
}

/** A search looks at so many points at most. */
export const MOST_POINTS = 12;
/** Of all searches, so many may have a point on the wrong side, whatever they find. */
const ERROR = 0.05;
/** So many pairs that did not count, and none or no more that did: to go on would be a waste. */
const MOST_DISCARDED = { beforeAny: 4, beforeMore: 6 } as const;

/**
 * Confidence of the interval at each look. A point errs where its interval lies wholly on the wrong side, which
 * is one of its two tails; whoever looks often errs more often; so every tail of every look at every point gets
 * its share of `ERROR` (Bonferroni's inequality: Dunn 1961, https://doi.org/10.1080/01621459.1961.10482090).
 * It holds however looks and points depend on each other, and so for points that are chosen by earlier ones.
 */
export function lookConfidence({ looks }: Pick<PointRule, 'looks'>): number {
  return 1 - (2 * ERROR) / (MOST_POINTS * looks.length);
}

/** Mean of the values and its interval at a look's confidence. Undefined for fewer than two values. */
export function intervalOf(samples: readonly Sample[], rule: PointRule): MeanInterval | undefined {
  return meanInterval(valuesOf(samples), lookConfidence(rule), rule.leastDeviation);
}

/** The verdict on the pairs so far; undefined: one more is needed. Looks come only as they were planned. */
export function decidePoint(samples: readonly Sample[], rule: PointRule): PointVerdict | undefined {
  const valid = valuesOf(samples).length;
  const discarded = samples.length - valid;
  if (rule.looks.includes(valid)) {
    const side = sideOf(intervalOf(samples, rule)!, rule.margin);
    if (side !== undefined) return { state: 'decided', side };
    if (valid >= rule.looks.at(-1)!) return { state: 'unclear' };
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
 * Pairs at which an interval of this confidence would leave a mean such as was seen on its side, if the pairs
 * go on as they are; undefined for fewer than two values, or where it would be past all reason.
 */
export function pairsNeeded(samples: readonly Sample[], rule: PointRule): number | undefined {
  const seen = intervalOf(samples, rule);
  if (!seen) return undefined;
  // The way to the nearest border of a verdict.
  const distance = Math.abs(Math.abs(seen.mean) - rule.margin);
  // Normal quantile of the default rule's confidence is about 3: with so many pairs Student's is near it.
  const pairs = Math.ceil((3 * (seen.deviation / distance)) ** 2);
  return pairs <= 1000 ? Math.max(pairs, rule.looks.at(-1)! + 1) : undefined;
}
