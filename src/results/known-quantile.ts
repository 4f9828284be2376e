import type { Series } from '../measure/figures.ts';
import { quantileCell, SPREAD_QUANTILES, type QuantileCell } from '../measure/percentile.ts';

/** The highest quantile up to p99 that rule 3.11 lets be told. */
export function knownQuantile(series: Series): Extract<QuantileCell, { state: 'known' }> | undefined {
  for (const q of SPREAD_QUANTILES.filter((quantile) => quantile <= 0.99).toReversed()) {
    const cell = quantileCell(series, q);
    if (cell.state === 'known') return cell;
  }
  return undefined;
}
