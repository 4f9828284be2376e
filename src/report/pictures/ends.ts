import type { ChartAxis } from '../charts/chart.ts';

/** The least and the greatest of values, as the ends of an axis; undefined without any. */
export function endsOf(values: readonly number[]): Pick<ChartAxis, 'from' | 'to'> | undefined {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? undefined : { from: Math.min(...known), to: Math.max(...known) };
}
