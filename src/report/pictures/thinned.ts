import type { ChartBar } from '../charts/chart.ts';

/** As many as a chart can show side by side. */
const MOST_BARS = 120;

/** Neighbouring bars as one, with the highest of them; one of nothing known stays such a one only beside its like. */
export function thinned(bars: readonly ChartBar[], most = MOST_BARS): ChartBar[] {
  const each = Math.ceil(bars.length / most);
  if (each <= 1) return [...bars];
  return Array.from({ length: Math.ceil(bars.length / each) }, (_, i) => {
    const some = bars.slice(i * each, (i + 1) * each);
    const known = some.flatMap(({ y }) => y ?? []);
    return { from: some[0]!.from, to: some.at(-1)!.to, y: known.length === 0 ? null : Math.max(...known) };
  });
}
