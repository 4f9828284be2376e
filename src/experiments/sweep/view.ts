import { INTERVALS_BEYOND, SAMPLES_BEYOND, spreadOf } from '../../measure/figures/percentile.ts';
import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { LOAD_RULES } from '../../measure/validity/load-verdict.ts';
import { createFootnotes } from '../../report/footnotes.ts';
import { formatCount, formatMs, formatRate, plural, quantileName } from '../../report/format.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { generatorText } from '../../report/generators.ts';
import { brokerVersions, setupText } from '../../report/setup-text.ts';
import type { ChartEvent, ChartPoint, PlacedChart, PointSeries } from '../../report/charts/chart.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import { validityText } from '../../report/findings/validity.ts';
import { moreOf } from '../../report/screen/more.ts';
import { BARE, type Screen } from '../../report/screen/screen.ts';
import type { Report } from '../../report/report.ts';
import { promises } from '../../report/promises.ts';
import type { RecordKind } from '../definition.ts';
import { sweepAnswer } from './answer.ts';
import { sweepFindings } from './findings.ts';
import { delayUs, seriesOf, type SweepPoint, type SweptPattern, sweptPatterns } from './points.ts';
import { type Sweep, sweepSchema } from './record.ts';
import type { Check, Facts, Section, Warning } from '../../report/view.ts';
import { capacityTable, pointsTable, quantilesOf } from './tables.ts';

export const sweepKind: RecordKind<Sweep> = { schema: sweepSchema, view: sweepView };

/** Everything that is printed of a sweep, whatever the format. */
export function sweepView(record: Sweep, file: string | null = null): Report {
  const patterns = sweptPatterns(record);
  const notes = createFootnotes();
  const hasTrials = record.trials.length > 0;
  const charts = hasTrials ? chartsOf(record, patterns) : [];
  const warnings = warningsOf(record, patterns);
  const capacity = hasTrials ? [capacityTable(record, patterns)] : [];
  return {
    findings: sweepAnswer(record, patterns, warnings),
    found: sweepFindings(record, patterns),
    record,
    screen: screenOf(record, { capacity, charts, file }),
    tables: [...capacity, ...(hasTrials ? [pointsTable(record, patterns, notes)] : [])],
    charts,
    caveats: { warnings, footnotes: notes.all() },
    meta: {
      title: `Latency against load: ${record.scenario.title}`,
      about: aboutOf(record),
      file,
      explanations: [],
      howToRead: howToRead(record),
      fairness: [sameForAll(record), ...record.patterns.map(factsOf)],
      rules: RULES,
      checks: patterns.map(checkOf),
    },
  };
}

interface Shown {
  readonly capacity: readonly Section[];
  readonly charts: readonly PlacedChart[];
  readonly file: string | null;
}

function screenOf(record: Sweep, { capacity, charts, file }: Shown): Screen {
  const { scenario, design, trials, seed, brokers } = record;
  const { rates, rounds } = design;
  const ends = [plural(rounds, 'round'), `seed ${seed}`, ...brokerVersions(brokers)];
  const range = `${formatRate(rates[0] ?? 0)}–${formatRate(rates.at(-1) ?? 0)}`;
  return {
    ...BARE,
    run: `Sweep of ${scenario.name}: ${plural(rates.length, 'rate')} ${range}, ${ends.join(', ')}`,
    tables: capacity,
    chart: charts.at(-1) ?? null,
    validity: validityText(validityFinding(trials)),
    more: moreOf(file),
  };
}

const RULES: readonly string[] = [
  ...VALIDITY_RULES,
  ...LOAD_RULES,
  'saturated in a sweep, besides: the slope of the backlog (due and not done; Theil–Sen over the trial without its first fifth) is above 5 % of the rate, and more than 20 by the end',
  `percentiles: at least ${SAMPLES_BEYOND} samples beyond them, from at least ${INTERVALS_BEYOND} separate 100 ms intervals`,
];

function factsOf({ title, client, fairness, guarantee }: Sweep['patterns'][number]): Facts {
  return { title, facts: [['client', client], ...Object.entries(fairness), ...promises(guarantee)] };
}

/** Latency against load, both axes logarithmic: what grows in proportion to the load rises at one angle. */
function chartsOf(record: Sweep, patterns: readonly SweptPattern[]): PlacedChart[] {
  return quantilesOf(record).flatMap((quantile): PlacedChart[] => {
    const series = patterns.map((pattern) => pointsOf(pattern, quantile));
    const points = series.flatMap((one) => one.points);
    if (points.length === 0) return [];
    const rates = [...points.map(({ x }) => x), ...series.flatMap(({ gaps }) => gaps)];
    const title = `${quantileName(quantile)} against load`;
    const x = { title: 'load', unit: 'per-s', scale: 'log', ...endsOf(rates) } as const;
    const latencies = endsOf(points.map(({ y }) => y));
    const y = { title: quantileName(quantile), unit: 'us', scale: 'log', ...latencies } as const;
    const events = patterns.flatMap(kneeOf);
    return [
      {
        id: `latency-${quantileName(quantile)}`,
        title,
        about: ABOUT,
        behind: 'patterns',
        x,
        y,
        series,
        spans: [],
        events,
      },
    ];
  });
}

const ABOUT =
  'Both axes are logarithmic. Hollow: saturated, the latency is that of a growing backlog. A cross: nothing valid there. A tick: the knee, above which latency grows by a larger factor than load.';

function kneeOf({ pattern, knee }: SweptPattern): ChartEvent[] {
  if (knee.state !== 'known') return [];
  const { atPerS, lowPerS, highPerS } = knee;
  const between = `${formatRate(lowPerS)}–${formatRate(highPerS)}`;
  return [{ title: `${pattern.title}: knee [${between}]`, at: atPerS, of: pattern.title }];
}

function endsOf(values: readonly number[]): { readonly from: number; readonly to: number } {
  return { from: Math.min(...values), to: Math.max(...values) };
}

function pointsOf({ pattern, points, figure }: SweptPattern, quantile: number): PointSeries {
  return {
    kind: 'points',
    title: pattern.title,
    points: points.flatMap((point) => {
      const us = delayUs(point, figure, quantile);
      return us === undefined ? [] : [chartPoint(point, figure, { us, quantile })];
    }),
    gaps: points.filter(({ state }) => state === 'unmeasured').map(({ ratePerS }) => ratePerS),
  };
}

function chartPoint(
  point: SweepPoint,
  figure: SweptPattern['figure'],
  { us, quantile }: { readonly us: number; readonly quantile: number },
): ChartPoint {
  const spread = spreadOf(seriesOf(point, figure), quantile);
  const isSame = spread.state === 'known' && spread.quantile === quantile;
  return {
    x: point.ratePerS,
    y: us,
    ...(isSame ? { interval: [spread.lowUs, spread.highUs] } : {}),
    ...(point.state === 'sustained' ? {} : { isSaturated: true }),
  };
}

function aboutOf(record: Sweep): string[] {
  const {
    scenario,
    design: { rates, rounds },
    trials,
  } = record;
  return [
    `Scenario ${scenario.name}: constant rates ${rates.map(formatRate).join(', ')}, ${plural(rounds, 'round')}, seed ${record.seed}`,
    `State: ${record.state}, ${plural(trials.length, 'trial')}, started ${record.startedAt}`,
    ...setupText(record.environment, record.brokers),
  ];
}

function howToRead({ design: { quantile } }: Sweep): string[] {
  const q = quantileName(quantile);
  return [
    'Latency counts from the instant at which a call was due, sent or not: the response time of request-reply patterns, the completion time (of the last subscriber) of queues and events.',
    `Knee: the rate of the greatest power, goodput / ${q} (Kleinrock 1979): above it latency grows by a larger factor than load. In brackets the neighbouring rates, between which the true one lies.`,
    'Saturated points are valid: the system did not keep up, and its latency is that of a backlog that grows as long as the load lasts. Points that are not valid (generator-bound, disturbed) are ignored.',
    'A pattern stops after two rates that were not sustained. In time: the share answered as the contract says, or done, within the deadline. Backlog growth: increase per second of work that is due and not done.',
  ];
}

function sameForAll({ scenario: s, design: { rounds }, options, patterns }: Sweep): Facts {
  const hasOurs = patterns.some(({ target }) => target === null);
  const concurrency = `${formatCount(s.service.concurrency)} (also prefetch)${s.service.processingMs > 0 ? `, processing time ${formatMs(s.service.processingMs)} per message` : ''}`;
  return {
    title: 'Every pattern',
    facts: [
      ['arrivals', 'constant rates, open loop, the same instants and contents for every pattern of a round'],
      ...(hasOurs ? [['concurrency of the service', concurrency] as const] : []),
      ['deadline', formatMs(s.deadlineMs)],
      [
        'order',
        rounds > 1
          ? 'the first round upwards, patterns in random order; later rounds entirely in random order'
          : 'upwards, patterns in random order',
      ],
      [
        'processes',
        `${hasOurs ? 'a fresh service and ' : ''}${generatorText(generatorsOf({ options }))} for every trial`,
      ],
    ],
  };
}

function warningsOf(record: Sweep, patterns: readonly SweptPattern[]): Warning[] {
  const notRun = record.patterns.filter(({ state }) => state === 'not-run');
  return [
    ...notRun.map(({ title, reason, hint }) => ({
      code: 'not-run',
      text: `${title} was not run: ${reason ?? 'no reason was given'}.`,
      hint: hint ?? '`commbench doctor` shows what is missing.',
    })),
    ...patterns.flatMap(unmeasuredIn),
  ];
}

function unmeasuredIn({ pattern, points }: SweptPattern): Warning[] {
  const unmeasured = points.filter(({ state }) => state === 'unmeasured');
  const byLimit = Object.entries(Object.groupBy(unmeasured, ({ limit }) => limit ?? 'incomplete'));
  return byLimit.map(([limit, some]) => ({
    code: 'not-valid',
    text: `${pattern.title}: nothing valid at ${some.map(({ ratePerS }) => formatRate(ratePerS)).join(', ')}, ${limit} (${some[0]!.why ?? 'no reason was given'}).`,
    hint:
      limit === 'generator-bound'
        ? 'The generator cannot send more here: the limit of the pattern is unknown. With cores to spare, use --generators 2.'
        : 'Run it again with nothing else on the machine.',
  }));
}

/** Whether a pattern was measured at all. */
function checkOf({ pattern, points }: SweptPattern): Check {
  const valid = points.filter(({ state }) => state !== 'unmeasured').length;
  const text = `${valid} of ${points.length} rates with a valid trial`;
  const state = valid > 0 ? 'passed' : 'skipped';
  return {
    suite: pattern.title,
    name: 'measured',
    state,
    verdict: state === 'passed' ? 'measured' : 'not measured',
    text,
  };
}
