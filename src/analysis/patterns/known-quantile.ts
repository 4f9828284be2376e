import type { Series } from '../../measure/figures/figures.ts';
import { quantileCell, SPREAD_QUANTILES, type QuantileCell } from '../../measure/figures/percentile.ts';

/** The highest quantile up to `most` that rule 3.11 lets be told. */
export function knownQuantile(
  series: Series,
  most = 0.99,
): Extract<QuantileCell, { state: 'known' }> | undefined {
  for (const q of SPREAD_QUANTILES.filter((quantile) => quantile <= most).toReversed()) {
    const cell = quantileCell(series, q);
    if (cell.state === 'known') return cell;
  }
  return undefined;
}
