import type { Series } from '../../measure/figures/figures.ts';
import { quantileCell, SPREAD_QUANTILES, type QuantileCell } from '../../measure/figures/percentile.ts';

export type KnownQuantile = Extract<QuantileCell, { state: 'known' }>;

/** The highest quantile up to `most` that rule 3.11 allows to be shown. */
export function knownQuantile(series: Series, most = 0.99): KnownQuantile | undefined {
  for (const q of SPREAD_QUANTILES.filter((quantile) => quantile <= most).toReversed()) {
    const cell = quantileCell(series, q);
    if (cell.state === 'known') return cell;
  }
  return undefined;
}
