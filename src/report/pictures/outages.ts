import type { OutageKind } from '../../analysis/patterns/found-coupling.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { Series } from '../../measure/figures/figures.ts';
import { INTERVAL_NS } from '../../measure/figures/histogram.ts';
import type { FaultRecord, Result, Trial } from '../../record/record.ts';
import type { BarSeries, ChartBar, ChartEvent, ChartSpan, PlacedChart } from '../charts/chart.ts';
import { downText } from '../down-text.ts';
import { thinned } from './thinned.ts';
import { endsOf } from './ends.ts';

const WHO = { serviceOutage: 'Service', brokerOutage: 'Broker' } as const;

/**
 * Slowest work of every 100 ms in which it was due, pattern by pattern, with the outage as a span; undefined where no
 * pattern had one. Of several rounds the first.
 */
export function outagePicture(
  { scenario }: Result,
  patterns: readonly PatternResult[],
  kind: OutageKind,
  behind: string,
): PlacedChart | undefined {
  const plan = scenario[kind];
  const shown = patterns.flatMap((pattern) => {
    const [trial] = pattern.trials[kind];
    return trial ? [{ pattern, trial }] : [];
  });
  const [first] = shown;
  const series = shown.flatMap(({ pattern, trial }) => lanesOf(pattern, trial));
  const y = endsOf(series.flatMap(({ bars }) => bars.flatMap((bar) => bar.y ?? [])));
  if (!plan || !first || !y) return undefined;
  const { phases } = first.trial;
  const who = WHO[kind];
  return {
    id: kind === 'serviceOutage' ? 'service-outage' : 'broker-outage',
    title: `${who} ${downText(plan.do)}: how long the work of each moment took`,
    about: `Each bar: the slowest call due then, log scale. Dashed: nothing due then was ever done (or answered), or nothing was due. Shaded: the ${who.toLowerCase()} is down, as planned; the tick: ready again.`,
    behind,
    x: {
      title: 'when the call was due',
      unit: 'ns',
      scale: 'linear',
      from: phases[0]!.fromNs,
      to: phases.at(-1)!.toNs,
    },
    y: { title: 'slowest', unit: 'us', scale: 'log', ...y },
    series,
    spans: spansOf(first.trial, `${who.toLowerCase()} ${downText(plan.do)}`),
    events: shown.flatMap(({ pattern, trial }) => readyIn(pattern, trial)),
  };
}

/** Behind a broker acceptance and completion differ. */
function lanesOf({ name, waitsFor }: PatternResult, { phases, evidence }: Trial): BarSeries[] {
  const isWorkSeen = evidence !== 'none';
  const confirm = laneOf(
    name,
    phases.map((phase) => ({ ...phase, series: phase.response })),
    waitsFor,
  );
  if (!isWorkSeen) return [confirm];
  const done = laneOf(
    name,
    phases.map((phase) => ({ ...phase, series: phase.completion })),
    'done',
  );
  return waitsFor === 'confirm' ? [confirm, done] : [done];
}

interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
  readonly series: Series;
}

function laneOf(title: string, stretches: readonly Stretch[], until: string): BarSeries {
  return { kind: 'bars', title, part: `until ${until}`, bars: thinned(stretches.flatMap(barsOf)) };
}

function barsOf({ fromNs, toNs, series: { intervalMaximaUs } }: Stretch): ChartBar[] {
  const count = Math.max(1, Math.ceil((toNs - fromNs) / INTERVAL_NS));
  return Array.from({ length: count }, (_, i) => {
    const from = fromNs + i * INTERVAL_NS;
    return { from, to: Math.min(toNs, from + INTERVAL_NS), y: intervalMaximaUs[i] ?? null };
  });
}

function spansOf({ faults }: Trial, title: string): ChartSpan[] {
  return faults.map(({ plannedAtNs, plannedForNs }) => {
    return { title, from: plannedAtNs, to: plannedAtNs + plannedForNs };
  });
}

function readyIn({ name }: PatternResult, { faults }: Trial): ChartEvent[] {
  return faults.flatMap(({ readyNs }: FaultRecord) =>
    readyNs === null ? [] : [{ title: 'ready again', at: readyNs, of: name }],
  );
}
