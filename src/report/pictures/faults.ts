import { cascadeGraphOf, type CascadeGraph } from '../../analysis/faults/cascade-graph.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { byCase, nameWithCase } from '../../analysis/faults/fault-trials.ts';
import { correctShare } from '../../analysis/faults/requests.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import {
  type ChartEvent,
  FIRST_SCREEN,
  type GraphLink,
  type GraphNode,
  type MarkSeries,
  type PlacedChart,
} from '../charts/chart.ts';
import { afterText } from '../faults/recovery-text.ts';
import { formatRatio, formatShare, plural } from '../format.ts';
import { goodputChart } from '../screen/goodput-bars.ts';

/** Bars of a lane: a window of health is about as long as one. */
const BARS = 70;

/** Goodput over time, case by case, and each topology with what its hops lost. */
export function faultPictures(comparisons: readonly FaultComparison[], scenario: Scenario): PlacedChart[] {
  const cases = byCase(comparisons);
  const timelines = cases.flatMap((of, i) => goodputPicture(of, i < 2 ? FIRST_SCREEN : 'cases'));
  return [
    ...timelines,
    ...successPicture(comparisons),
    ...comparisons.flatMap((comparison) => cascadePicture(comparison, scenario)),
  ];
}

/** More lanes would push everything else off the first screen. */
const MOST_LANES = 8;

function successPicture(comparisons: readonly FaultComparison[]): PlacedChart[] {
  const known = comparisons.filter(({ harm: { here } }) => here.planned > 0);
  if (known.length === 0) return [];
  const series = known.map(({ name, case: of, harm: { here, control } }): MarkSeries => {
    const usual = control.planned > 0 ? [{ title: 'control', x: correctShare(control) }] : [];
    const marks = [{ title: 'in the fault', x: correctShare(here) }, ...usual];
    return { kind: 'marks', title: name, part: of?.title ?? '', marks };
  });
  return [
    {
      id: 'success',
      title: 'Success while the fault lasted',
      about:
        'Share of the requests that depend on what failed, due while it lasted, answered correctly and in time; and the same without the fault.',
      behind: series.length > MOST_LANES ? 'cases' : FIRST_SCREEN,
      x: { title: 'success', unit: 'share', scale: 'linear', from: 0, to: 1 },
      y: null,
      series,
      spans: [],
    },
  ];
}

function goodputPicture(comparisons: readonly FaultComparison[], behind: string): PlacedChart[] {
  const chart = goodputChart(comparisons, BARS, true);
  if (!chart) return [];
  const title = comparisons[0]!.case?.title;
  return [
    {
      ...chart,
      id: title === undefined ? 'goodput' : `goodput-${comparisons[0]!.case!.id}`,
      title: title === undefined ? 'Goodput over time' : `${title}: goodput over time`,
      about:
        'Correct answers per second, within the objective; all rounds together. The line: the control, without the fault. Shaded: the fault is on; the tick: recovered, the first of five healthy windows in a row.',
      behind,
      events: comparisons.flatMap(recoveryOf),
    },
  ];
}

function recoveryOf({ name, health: { ending } }: FaultComparison): ChartEvent[] {
  if (ending?.recovery.state !== 'recovered') return [];
  const { recovery, span } = ending;
  return [{ title: `recovered after ${afterText(recovery)}`, at: span.toNs + recovery.afterNs, of: name }];
}

const LOAD = 'load';

function cascadePicture(comparison: FaultComparison, { cases }: Scenario): PlacedChart[] {
  const graph = cascadeGraphOf(comparison);
  if (!graph) return [];
  const name = nameWithCase(comparison);
  return [
    {
      id: `cascade-${cases.length > 0 ? `${comparison.case?.id ?? 'faults'}-` : ''}${comparison.variant?.id ?? comparison.pattern.id}`,
      title: `${name}: what each hop lost, from the fault on`,
      about:
        'A hop is as red as the share of its calls that failed for its caller. Thick border: struck by the fault; dashed: its callers were harmed.',
      behind: 'cascade',
      x: { title: 'hop', unit: 'count', scale: 'linear', from: 0, to: 1 },
      y: null,
      series: [{ kind: 'graph', title: name, ...partsOf(graph) }],
      spans: [],
    },
  ];
}

function partsOf({ services, hops }: CascadeGraph): { nodes: GraphNode[]; links: GraphLink[] } {
  return {
    nodes: [
      { id: LOAD, lines: [], state: 'plain' },
      ...services.map(({ id, executions, wastedShare, state }) => ({
        id,
        lines: [
          plural(executions, 'execution'),
          ...(wastedShare === null || wastedShare === 0 ? [] : [`${formatShare(wastedShare)} wasted`]),
        ],
        state,
      })),
    ],
    links: hops.map(({ from, to, calls, lostShare, amplification }) => ({
      from: from ?? LOAD,
      to,
      lines: [
        plural(calls, 'call'),
        ...(lostShare === null || lostShare === 0 ? [] : [`${formatShare(lostShare)} lost`]),
        ...(amplification !== null && Number(amplification.toFixed(2)) > 1
          ? [`${formatRatio(amplification)} attempts`]
          : []),
      ],
      lostShare,
    })),
  };
}
