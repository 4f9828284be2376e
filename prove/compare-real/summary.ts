import { studentQuantile } from '../../src/measure/stats/ratio.ts';
import type { Done, Shown } from './evidence.ts';
import { SERIES } from './series.ts';

/** What all comparisons so far came to, as text: docs/evidence/compare-real.txt. */
export function summaryOf(shown: readonly Shown[]): string {
  const notDone = shown
    .filter(({ state }) => state !== 'done')
    .map(({ number, state }) => `${number} ${state}`);
  return [
    `${shown.length} comparisons, margin 5 %, at most 24 pairs, looks at 6, 10, 16 and 24`,
    `without a verdict: ${notDone.length === 0 ? 'none' : notDone.join(', ')}`,
    '',
    ...SERIES.flatMap(({ name, title }) => {
      return seriesLines(title, shown.filter((one) => one.series === name && one.state === 'done') as Done[]);
    }),
  ].join('\n');
}

function seriesLines(title: string, done: readonly Done[]): string[] {
  if (done.length === 0) return [`${title}: not run yet`, ''];
  const verdicts = Object.entries(Object.groupBy(done, ({ verdict }) => verdict));
  const ratios = done.flatMap(({ gate }) => gate.interval?.ratio ?? []);
  const scatters = done.flatMap(scatterOf);
  const told = done.filter(({ verdict }) => verdict !== 'inconclusive');
  return [
    `${title}: ${verdicts.map(([verdict, some]) => `${some.length} ${verdict}`).join(', ')}, of ${done.length}`,
    `  ratio found: median ${medianText(ratios, 3)}, ${rangeText(ratios, 3)}`,
    `  scatter of a pair: median ${medianText(scatters, 1)} %, ${rangeText(scatters, 1)} %`,
    `  pairs until it was told: median ${medianText(told.map(made), 0)}, ${rangeText(told.map(made), 0)}; not told: ${done.length - told.length}`,
    `  seconds: median ${medianText(
      done.map(({ wallS }) => wallS),
      0,
    )}; pairs excluded: ${done.reduce((sum, { gate }) => sum + gate.excluded.length, 0)}`,
    '',
  ];
}

/** Standard deviation of a pair's log-ratio, in per cent, of which its interval was made. */
function scatterOf({ gate: { interval, used } }: Done): number[] {
  if (!interval) return [];
  const half = Math.log(interval.high / interval.low) / 2;
  const deviation = (half / studentQuantile(interval.level, used.baseline - 1)) * Math.sqrt(used.baseline);
  return [100 * Math.expm1(deviation)];
}

const made = (done: Done) => done.made;

function medianText(values: readonly number[], digits: number): string {
  if (values.length === 0) return '-';
  const sorted = values.toSorted((x, y) => x - y);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
  return ((low + high) / 2).toFixed(digits);
}

function rangeText(values: readonly number[], digits: number): string {
  if (values.length === 0) return '-';
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}
