import type { Chart, BarSeries } from './chart.ts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOTHING = '·';

/**
 * A character a bar; one of any height at all shows.
 * @param highest what a whole bar stands for
 */
export function drawBars({ bars }: BarSeries, highest: number = highestOf(bars)): string {
  return bars
    .map(({ y }) => (y === null || y === 0 ? NOTHING : BARS[Math.ceil((y / highest) * BARS.length) - 1]!))
    .join('');
}

function highestOf(bars: BarSeries['bars']): number {
  return Math.max(1, ...bars.map(({ y }) => y ?? 0));
}

/** Each series of bars on a line of its own, behind its title. */
export function drawBarChart({ series, y }: Chart): string[] {
  const bars = series.filter((one) => one.kind === 'bars');
  const width = Math.max(0, ...bars.map(({ title }) => title.length));
  return bars.map((one) => `${one.title.padEnd(width)}  ${drawBars(one, y?.to)}`);
}
