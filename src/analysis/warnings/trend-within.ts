import { shortfallIn } from '../../measure/figures/figures.ts';
import { trendOf } from '../../measure/stats/trend.ts';
import type { Trial } from '../../record/record.ts';
import { DRIFT_SHARE } from '../patterns/drift.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';

/** Probability of the warning where there is no trend. */
const WITHIN_ERROR = 0.01;

/** Completion times rose or fell within the trials of a pattern: their warm-up was not over, or something grew. */
export interface TrendWithin {
  readonly code: 'trend-within';
  readonly name: string;
  /** Median completion time in the first and in the last part, as means over the rounds. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly parts: number;
}

export function trendsWithin({ name, trials: { latency } }: PatternResult): TrendWithin[] {
  const known = latency.filter(({ load }) => !shortfallIn(load)).flatMap(windowsIn);
  const [first] = known;
  if (!first) return [];
  // Parts of all rounds together: what is alike in them stands out from the scatter of each.
  const means = first.map((_, part) =>
    Math.exp(known.reduce((sum, windows) => sum + Math.log(windows[part]!), 0) / known.length),
  );
  const trend = trendOf(means, WITHIN_ERROR);
  if (!trend || Math.abs(Math.log(trend.factor)) < Math.log1p(DRIFT_SHARE)) return [];
  return [{ code: 'trend-within', name, firstUs: means[0]!, lastUs: means.at(-1)!, parts: means.length }];
}

/** A trial with a part in which too little was done has none. */
function windowsIn({ completionWindowsUs: windows }: Trial): number[][] {
  const known = windows?.filter((us) => us !== null && us > 0) as number[] | undefined;
  return known && known.length === windows!.length ? [known] : [];
}
