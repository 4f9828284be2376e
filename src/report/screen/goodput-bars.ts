import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import type { HealthWindow } from '../../measure/hops/hop-figures.ts';
import type { Trial } from '../../record/record.ts';
import type { BarSeries, Chart, ChartAxis, ChartBar } from '../charts/chart.ts';
import { faultSpans } from '../charts/breakers.ts';

/**
 * Correct answers within the objective per second over a trial, one series a line, all rounds together, with the
 * faults as spans. Undefined where the trials have no windows.
 * @param bars of each series
 * @param hasControls each beside its control
 */
export function goodputChart(
  comparisons: readonly FaultComparison[],
  bars: number,
  hasControls = false,
): Chart | undefined {
  const drawn = comparisons.filter(({ trials }) => trials.some(({ hops }) => hops));
  const [first] = drawn[0]?.trials ?? [];
  if (!first) return undefined;
  const x: ChartAxis = { title: 'time', unit: 'ns', scale: 'linear', ...extentOf(first) };
  const series = drawn.map(({ name, trials, controls }): BarSeries => {
    const control = controls.filter(({ hops }) => hops);
    const isShown = hasControls && control.length > 0;
    return {
      kind: 'bars',
      title: name,
      bars: goodputBars(trials, x, bars),
      ...(isShown && { control: goodputBars(control, x, bars) }),
    };
  });
  const all = series.flatMap((one) => [...one.bars, ...(one.control ?? [])]);
  const highest = Math.max(...all.map(({ y }) => y ?? 0));
  const y: ChartAxis = { title: 'goodput', unit: 'per-s', scale: 'linear', from: 0, to: highest };
  return { id: 'goodput', title: 'Goodput over time', x, y, series, spans: faultSpans(first.phases) };
}

function extentOf({ phases }: Trial): { readonly from: number; readonly to: number } {
  return { from: phases[0]?.fromNs ?? 0, to: phases.at(-1)?.toNs ?? 0 };
}

/** A window's answers are spread evenly over its time. */
function goodputBars(trials: readonly Trial[], { from, to }: ChartAxis, count: number): ChartBar[] {
  const width = (to - from) / count;
  const windows = trials.flatMap(({ hops }) => hops?.endpoints.flatMap((one) => one.windows) ?? []);
  return Array.from({ length: count }, (_, i) => {
    const span = { from: from + i * width, to: from + (i + 1) * width };
    const answers = windows.reduce((sum, window) => sum + answersIn(window, span), 0);
    return { ...span, y: answers / trials.length / (width / NS_PER_S) };
  });
}

function answersIn(
  { fromNs, toNs, healthy }: HealthWindow,
  span: { readonly from: number; readonly to: number },
): number {
  const length = Math.max(1, toNs - fromNs);
  const shared = Math.min(span.to, toNs) - Math.max(span.from, fromNs);
  return shared <= 0 ? 0 : healthy * (shared / length);
}
