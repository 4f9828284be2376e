import { type Distribution, distributionsIn } from '../../analysis/distributions/distributions.ts';
import { LATENCY_FIGURES, partsIn, trialLabels } from '../../analysis/distributions/parts.ts';
import type { FigureUnit } from '../../analysis/finding.ts';
import { cumulativeCounts } from '../../measure/figures/histogram.ts';
import type { ExperimentRecord, Trial } from '../../record/record.ts';
import { recordIn, type Report } from '../report.ts';
import type { MetricFamily, MetricPoint, MetricSet } from './family.ts';

const US_PER_S = 1e6;
/** The E12 series: twelve steps a decade, so that a quantile between two bounds is at most a fifth off. */
const STEPS = [1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2];
/** From 100 us to 10 s. */
const BOUNDS_US = [
  ...[100, 1e3, 1e4, 1e5, 1e6].flatMap((decade) => STEPS.map((step) => Math.round(step * decade))),
  1e7,
];

/** A report as metrics, of all rounds together. @throws CommbenchError bad-option */
export function metricsOf(report: Report, format: string): MetricSet {
  const record = recordIn(report, format);
  const ends = record.trials.map(({ startedAt, wallMs }) => Date.parse(startedAt) + wallMs);
  const startMs = Date.parse(record.startedAt);
  return {
    startMs,
    endMs: Math.max(startMs, ...ends),
    families: [
      runInfo(record),
      ...latencyFamilies(distributionsIn(record.trials)),
      callsFamily(record.trials),
      messagesFamily(record.trials),
      trialsFamily(record.trials),
      checksFamily(report),
      ...figureFamilies(report),
    ].filter(({ points }) => points.length > 0),
  };
}

function runInfo({
  scenario,
  experiment,
  state,
  seed,
  startedAt,
  commbench,
}: ExperimentRecord): MetricFamily {
  const labels = { scenario: scenario.name, experiment, state, seed: String(seed), started_at: startedAt };
  return {
    name: 'commbench_run',
    type: 'info',
    help: 'The run that all other figures are of.',
    points: [{ labels: { ...labels, version: commbench }, value: 1 }],
  };
}

/** A histogram for each kind of latency. */
function latencyFamilies(all: readonly Distribution[]): MetricFamily[] {
  return LATENCY_FIGURES.map((figure) => ({
    name: `commbench_${figure.replaceAll('-', '_')}`,
    unit: 'seconds',
    type: 'histogram',
    help: HELP[figure],
    points: all.filter((one) => one.figure === figure).map(latencyPoint),
  }));
}

const HELP: Readonly<Record<(typeof LATENCY_FIGURES)[number], string>> = {
  response: 'From when a call was due until its reply, or the confirm of the broker.',
  completion: 'From when a call was due until its effect was recorded.',
  'service-time': 'From when a call was handed to the client library until its reply or confirm.',
  'dispatch-lag': 'Lateness of the load generator itself.',
  'connection-wait': 'Wait for a connection because all were busy.',
  'first-completion': 'From when a message was due until the first subscriber had done its work.',
  'first-item': 'From when a stream was due until its first item.',
  jitter: 'How far the gap between two items of a stream was from its plan.',
};

function latencyPoint({ labels, series }: Distribution): MetricPoint {
  const { atMost, sumUs } = cumulativeCounts(series, BOUNDS_US);
  const bounds = BOUNDS_US.map((us) => us / US_PER_S);
  return { labels, value: { bounds, atMost, count: series.count, sum: sumUs / US_PER_S } };
}

function callsFamily(trials: readonly Trial[]): MetricFamily {
  const counted = partsIn(trials).flatMap(({ labels, phase }) =>
    Object.entries(phase.outcomes).map(([outcome, value]) => ({ labels: { ...labels, outcome }, value })),
  );
  return {
    name: 'commbench_calls',
    type: 'counter',
    help: 'Planned calls, by how they ended.',
    points: summed(counted),
  };
}

function messagesFamily(trials: readonly Trial[]): MetricFamily {
  const counted = trials.flatMap((trial) =>
    trial.ledgers.flatMap(({ subscriber, lost, late, phantom, duplicates, outOfOrder }) =>
      Object.entries({ lost, late, phantom, duplicates, 'out-of-order': outOfOrder }).map(
        ([fate, value]) => ({
          labels: { ...trialLabels(trial), subscriber: String(subscriber), fate },
          value,
        }),
      ),
    ),
  );
  return {
    name: 'commbench_messages',
    type: 'counter',
    help: 'Messages by what went wrong with them: lost is accepted and never done, phantom is refused and yet done.',
    points: summed(counted),
  };
}

function trialsFamily(trials: readonly Trial[]): MetricFamily {
  const counted = trials.map((trial) => ({
    labels: { ...trialLabels(trial), validity: trial.validity.verdict, load: trial.load.verdict },
    value: 1,
  }));
  return {
    name: 'commbench_trials',
    type: 'gauge',
    help: 'Trials, by whether their figures may be believed and how the system took the load.',
    points: summed(counted),
  };
}

/** Points of the same labels as one: those of all rounds. */
function summed(
  points: readonly { readonly labels: MetricPoint['labels']; readonly value: number }[],
): MetricPoint[] {
  const alike = Map.groupBy(points, ({ labels }) => JSON.stringify(labels));
  return [...alike.values()].map((some) => ({
    labels: some[0]!.labels,
    value: some.reduce((sum, { value }) => sum + value, 0),
  }));
}

function checksFamily({ meta: { checks = [] } }: Report): MetricFamily {
  const known = checks.filter(({ state }) => state === 'passed' || state === 'failed');
  return {
    name: 'commbench_check_passed',
    type: 'gauge',
    help: '1: the check passed; 0: it failed; absent: nobody can say.',
    points: known.map(({ suite, name, state }) => ({
      labels: { suite, name },
      value: Number(state === 'passed'),
    })),
  };
}

type FigureMetric = Pick<MetricFamily, 'name' | 'unit'> & { readonly scale?: number };

const FIGURES: Readonly<Record<FigureUnit, FigureMetric>> = {
  us: { name: 'commbench_figure_time', unit: 'seconds', scale: 1e-6 },
  ns: { name: 'commbench_figure_time', unit: 'seconds', scale: 1e-9 },
  'cpu-us': { name: 'commbench_figure_cpu_time', unit: 'seconds', scale: 1e-6 },
  'per-s': { name: 'commbench_figure_rate', unit: 'per_second' },
  share: { name: 'commbench_figure_share', unit: 'ratio' },
  ratio: { name: 'commbench_figure_change', unit: 'ratio' },
  points: { name: 'commbench_figure_difference', unit: 'ratio' },
  count: { name: 'commbench_figure_number' },
  bytes: { name: 'commbench_figure_size', unit: 'bytes' },
};

interface FigurePoint extends MetricPoint {
  readonly metric: FigureMetric;
}

/** Every figure of the report's tables, by table, pattern and column. */
function figureFamilies({ tables }: Report): MetricFamily[] {
  const all = tables.flatMap(({ id: table, columns, rows }) =>
    rows.flatMap(({ pattern, part, cells }) =>
      columns.flatMap(({ id: figure }, i): FigurePoint[] => {
        const { value, unit } = cells[i]!;
        if (pattern === null || value === null || unit === 'text' || unit === 'graph') return [];
        const labels = { table, pattern, ...(part === null ? {} : { part }), figure };
        const metric = FIGURES[unit];
        return [{ metric, labels, value: value * (metric.scale ?? 1) }];
      }),
    ),
  );
  return [...Map.groupBy(all, ({ metric }) => metric.name)].map(([, points]) => ({
    name: points[0]!.metric.name,
    ...(points[0]!.metric.unit ? { unit: points[0]!.metric.unit } : {}),
    type: 'gauge',
    help: 'A figure of the report, as its table has it.',
    points: oneOfEach(points),
  }));
}

/** Two rows of the same labels are told apart by their number. */
function oneOfEach(points: readonly FigurePoint[]): MetricPoint[] {
  return [...Map.groupBy(points, ({ labels }) => JSON.stringify(labels)).values()].flatMap((some) =>
    some.map(({ labels, value }, i) => ({
      labels: i === 0 ? labels : { ...labels, row: String(i + 1) },
      value,
    })),
  );
}
