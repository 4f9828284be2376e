import { LOOSE_FROM, TIGHT_BELOW } from '../measure/coupling.ts';
import { mergeSeries } from '../measure/histogram.ts';
import { MEASUREMENT_RULES } from '../measure/judgement.ts';
import { LOAD_RULES } from '../measure/load-judgement.ts';
import { INTERVALS_BEYOND, SAMPLES_BEYOND } from '../measure/percentile.ts';
import { findingsOf } from './finding.ts';
import { createFootnotes, type Footnotes } from './footnotes.ts';
import { formatCount, formatLimit, formatMs, formatUs, plural, quantileName } from './format.ts';
import { knownQuantile } from './known-quantile.ts';
import { loadText } from './load-text.ts';
import type { PatternRecord, Result, Trial } from './record.ts';
import { type ResultRow, rowsOf } from './row.ts';
import { CEILING_SHARE_LIMIT, costSection } from './sections/cost.ts';
import { distributionSection } from './sections/distribution.ts';
import { latencySection } from './sections/latency.ts';
import { ledgerSection } from './sections/ledger.ts';
import { outageSection } from './sections/outage.ts';
import type { Facts, Section, View } from './view.ts';
import { warningsOf } from './warnings.ts';

/** Everything that is printed of a result, whatever the format. */
export function viewOf(result: Result, file: string | null = null): View {
  const rows = rowsOf(result);
  const notes = createFootnotes();
  const sections = result.trials.length === 0 ? [] : sectionsOf(result, rows, notes);
  return {
    title: result.scenario.title,
    findings: findingsOf(result, rows),
    about: aboutOf(result),
    sections,
    footnotes: notes.all(),
    warnings: warningsOf(result, rows, file),
    howToRead: howToRead(rows),
    fairness: [sameForAll(result, rows), ...rows.map(fairnessOf)],
    thresholds: THRESHOLDS,
    file,
  };
}

function sectionsOf(result: Result, rows: readonly ResultRow[], notes: Footnotes): Section[] {
  return [
    outageSection(result, rows, notes),
    latencySection(result, rows, notes),
    distributionSection(rows),
    ledgerSection(result, rows, notes),
    costSection(result, rows, notes),
  ].filter((section) => section !== undefined);
}

function aboutOf(result: Result): string[] {
  const { scenario: s, environment: e, order, trials } = result;
  const gibibytes =
    typeof e['memoryBytes'] === 'number' ? `${Math.round(e['memoryBytes'] / 2 ** 30)} GiB` : undefined;
  const cores = typeof e['coresUsable'] === 'number' ? plural(e['coresUsable'], 'core') : undefined;
  const machine = [e['cpu'], cores, gibibytes, e['os'], e['kernel'], e['node'] && `Node ${e['node']}`];
  const brokers = result.brokers.map(
    (b) => `${b.name} ${b.version} (${b.source}${b.warmed === null ? '' : `; ${b.warmed}`})`,
  );
  return [
    `Scenario ${s.name}: ${loadText(s.load)}, seed ${result.seed}`,
    `State: ${result.state}, ${trials.length} of ${plural(order.length, 'trial')}, started ${result.startedAt}`,
    `Machine: ${machine.filter(Boolean).join(', ')}${e['virtual'] === true ? ', virtual' : ''}${e['container'] === true ? ', in a container' : ''}`,
    ...(brokers.length > 0 ? [`Brokers: ${brokers.join(', ')}`] : []),
  ];
}

function howToRead(rows: readonly ResultRow[]): string[] {
  const lines = [
    'Times count from the instant at which a call was due by its schedule, sent or not: a slow reply delays no later call.',
    'Caller waits: until the reply, or until the broker confirms. Work done: until its effect stood in the log of the service.',
    'Goodput: calls answered as their contract says, within the deadline, per second of intended time. Done in time: work done within the deadline, likewise. A percentile says nothing of calls that failed; these two do.',
    'Percentiles come from the histogram of all rounds together; below each is the range of the rounds.',
    "Floor: the caller's wait against a service that does nothing. Of ceiling: the load's greatest rate as a share of what a closed loop reached in the warm-up.",
    'Lost: accepted, never done. Unknown: the caller cannot tell. Phantom: refused, yet done.',
  ];
  const queue = rows.some((row) => row.waitsFor === 'confirm');
  return queue
    ? [...lines, 'A queue answers before the work is done: judge it by work done and finally done, too.']
    : lines;
}

/** What no row may have different, or the comparison would be of that. */
function sameForAll({ scenario: s }: Result, rows: readonly ResultRow[]): Facts {
  const targets = rows.filter((row) => row.pattern.target !== null).length;
  const services = { some: targets < rows.length, all: targets === 0 };
  const work = s.service.holdMs > 0 ? `, each held ${formatMs(s.service.holdMs)} by a message` : '';
  return {
    title: 'Every row',
    facts: [
      [
        'arrivals',
        `${loadText(s.load)}, open loop, the same instants${services.all ? ' and contents' : ''} in every row of a round`,
      ],
      ...(services.some
        ? [['slots of the service', `${formatCount(s.service.slots)} (also prefetch)${work}`] as const]
        : []),
      ['deadline', formatMs(s.deadlineMs)],
      [
        'warm-up',
        `at least ${plural(s.warmUp.calls, 'call')}, ${s.warmUp.concurrency} open at once, before every trial`,
      ],
      [
        'processes',
        `${services.some ? `a fresh service${services.all ? '' : ' (targets apart)'} and ` : ''}a fresh generator for every trial`,
      ],
    ],
  };
}

function fairnessOf(row: ResultRow): Facts {
  const { pattern, latency, outage } = row;
  const trials = [...latency, ...outage];
  const pacing = [...new Set(trials.map((trial) => trial.pacing))].join(', ');
  return {
    title: pattern.title,
    facts: [
      ['client', pattern.client],
      ...Object.entries(pattern.fairness),
      ...(pattern.target === null
        ? promises(pattern.guarantee)
        : [['target', pattern.target] as const, ['guarantee', pattern.guarantee.label] as const]),
      ...connectionWait(row),
      ...(trials.some((trial) => trial.evidence === 'effect-log')
        ? [['most in the handler at once', mostInHandler(trials)] as const]
        : []),
      ...(trials.length > 0 ? [['pacing', pacing] as const] : []),
    ],
  };
}

function promises({ acknowledgedBy, durableAgainst, order }: PatternRecord['guarantee']): Facts['facts'] {
  return [
    ['acknowledged by', acknowledgedBy],
    ['durable against', durableAgainst],
    ['order', order],
  ];
}

function mostInHandler(trials: readonly Trial[]): string {
  return String(Math.max(0, ...trials.map((trial) => trial.maxConcurrent)));
}

/** A part of the response time, where it can be seen: too few connections show here. */
function connectionWait({ latency }: ResultRow): Facts['facts'] {
  const seen = latency.flatMap((trial) => trial.phases.flatMap((phase) => phase.connectionWait ?? []));
  const known = seen.length === 0 ? undefined : knownQuantile(mergeSeries(seen));
  if (!known) return [];
  return [['wait for a connection', `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`]];
}

const THRESHOLDS: readonly string[] = [
  ...MEASUREMENT_RULES,
  ...LOAD_RULES,
  `coupling: tight below ${formatLimit(TIGHT_BELOW)} served while the callee was down; loose from ${formatLimit(LOOSE_FROM)} served and ${formatLimit(LOOSE_FROM)} finally done; else partial`,
  `percentiles: at least ${SAMPLES_BEYOND} samples beyond them, from at least ${INTERVALS_BEYOND} separate 100 ms intervals`,
  `a row above ${formatLimit(CEILING_SHARE_LIMIT)} of its ceiling says so`,
];
