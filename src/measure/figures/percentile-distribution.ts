import type { Series } from './figures.ts';
import { readHistogram } from './stored-histogram.ts';

const US_PER_MS = 1000;
/** Lines for each halving of the distance to 100 %, as HdrHistogram has it. */
const TICKS_PER_HALF = 5;

/** HdrHistogram's table of percentiles in ms, as its plotters read it. */
export function percentileDistribution({ histogram }: Series): string {
  return readHistogram(histogram).outputPercentileDistribution(TICKS_PER_HALF, US_PER_MS);
}
