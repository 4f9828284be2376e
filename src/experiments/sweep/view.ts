import { INTERVALS_BEYOND, SAMPLES_BEYOND, spreadOf } from '../../measure/figures/percentile.ts';
import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { LOAD_LIMITS, LOAD_RULES } from '../../measure/validity/load-verdict.ts';
import { createFootnotes, type Footnotes } from '../../report/footnotes.ts';
import {
  formatCount,
  formatMs,
  formatRangeUs,
  formatRate,
  formatShare,
  formatUs,
  plural,
  quantileName,
} from '../../report/format.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { generatorText } from '../../report/generators.ts';
import { setupText } from '../../report/setup-text.ts';
import { isMarked } from '../../analysis/patterns/pattern-result.ts';
import { needsCell } from '../../report/cells.ts';
import type { ChartPoint, PlacedChart, PointSeries } from '../../report/charts/chart.ts';
import { letterOf } from '../../report/charts/draw-points.ts';
import type { Report } from '../../report/report.ts';
import { promises } from '../../report/promises.ts';
import type { RecordKind } from '../definition.ts';
import { kneeText, metText, sweepAnswer } from './answer.ts';
import {
  cellOf,
  delayUs,
  sustainedUpTo,
  saturatedFrom,
  seriesOf,
  type SweepPoint,
  type SweptPattern,
  sweptPatterns,
} from './points.ts';
import { type Sweep, sweepSchema } from './record.ts';
import { sweepFindings, sweepScreen } from './screen.ts';
import {
  type Cell,
  type Check,
  type Column,
  EMPTY_CELL,
  type Facts,
  type Section,
  textCell,
  type Warning,
} from '../../report/view.ts';

export const sweepKind: RecordKind<Sweep> = { schema: sweepSchema, view: sweepView };

/** Everything that is printed of a sweep, whatever the format. */
export function sweepView(record: Sweep, file: string | null = null): Report {
  const patterns = sweptPatterns(record);
  const notes = createFootnotes();
  const hasTrials = record.trials.length > 0;
  const charts = hasTrials ? chartsOf(record, patterns) : [];
  const warnings = warningsOf(record, patterns);
  return {
    findings: sweepAnswer(record, patterns),
    found: sweepFindings(record, patterns),
    screen: sweepScreen(record, { patterns, charts, warnings, file }),
    tables: hasTrials ? [rowsSection(record, patterns), pointsSection(record, patterns, notes)] : [],
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

const RULES: readonly string[] = [
  ...VALIDITY_RULES,
  ...LOAD_RULES,
  'saturated in a sweep, besides: the slope of the backlog (due and not done; Theil–Sen over the trial without its first fifth) is above 5 % of the rate, and more than 20 by the end',
  `percentiles: at least ${SAMPLES_BEYOND} samples beyond them, from at least ${INTERVALS_BEYOND} separate 100 ms intervals`,
];

function factsOf({ title, client, fairness, guarantee }: Sweep['patterns'][number]): Facts {
  return { title, facts: [['client', client], ...Object.entries(fairness), ...promises(guarantee)] };
}

/** Quantiles that are told of each point. */
function quantilesOf({ design: { quantile } }: Sweep): number[] {
  return [...new Set([0.5, quantile])];
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
    return [{ id: `latency-${quantileName(quantile)}`, title, behind: 'rows', x, y, series, spans: [] }];
  });
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

function rowsSection(record: Sweep, patterns: readonly SweptPattern[]): Section {
  const { objective, quantile } = record.design;
  const met: Column = { id: 'objective', title: objective?.text ?? '', align: 'left' };
  return {
    id: 'rows',
    title: 'Capacity of each pattern',
    columns: [
      { id: 'mark', title: 'Mark', align: 'left' },
      { id: 'figure', title: 'Latency of', align: 'left' },
      { id: 'knee', title: `Knee (${quantileName(quantile)})`, align: 'left' },
      ...(objective ? [met] : []),
      { id: 'saturated', title: 'Saturated from', align: 'right' },
      { id: 'sustained', title: 'Sustained up to', align: 'right' },
    ],
    rows: patterns.map((pattern, i) => ({
      pattern: pattern.pattern.id,
      title: pattern.pattern.title,
      part: null,
      cells: [
        textCell(letterOf(i)),
        textCell(pattern.figure === 'response' ? 'reply' : 'completion'),
        kneeCell(pattern),
        ...(objective ? [textCell(metText(pattern, objective))] : []),
        rateCell(saturatedFrom(pattern)),
        rateCell(sustainedUpTo(pattern)),
      ],
    })),
  };
}

function kneeCell({ knee, pattern }: SweptPattern): Cell {
  if (pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  const value = knee.state === 'known' ? knee.atPerS : null;
  return textCell(kneeText(knee), value === null ? { tone: 'weak' } : { value, unit: 'per-s' });
}

function rateCell(perS: number | undefined): Cell {
  return perS === undefined ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s' });
}

function pointsSection(record: Sweep, patterns: readonly SweptPattern[], notes: Footnotes): Section {
  const quantiles = quantilesOf(record);
  const asked = objectiveColumn(record, patterns);
  return {
    id: 'points',
    title: 'All points',
    columns: [
      { id: 'rate', title: 'Rate', align: 'right', isLabel: true },
      ...quantiles.map((q): Column => ({ id: quantileName(q), title: quantileName(q), align: 'right' })),
      ...asked,
      { id: 'goodput', title: 'Within deadline', align: 'right' },
      { id: 'growth', title: 'Backlog growth', align: 'right' },
      { id: 'found', title: 'Verdict', align: 'left' },
    ],
    rows: patterns.flatMap((pattern) =>
      pattern.points.map((point) => ({
        pattern: pattern.pattern.id,
        title: pattern.pattern.title,
        part: formatRate(point.ratePerS),
        cells: [
          rateCell(point.ratePerS),
          ...quantiles.map((q) => latencyCell(point, pattern.figure, q, notes)),
          ...(asked.length > 0
            ? [latencyCell(point, record.design.objective!.figure, record.design.objective!.quantile, notes)]
            : []),
          inTimeCell(point),
          growthCell(point),
          foundCell(point),
        ],
      })),
    ),
  };
}

/** Where the objective is about a figure that has no column of its own in every row. */
function objectiveColumn(record: Sweep, patterns: readonly SweptPattern[]): Column[] {
  if (!record.design.objective) return [];
  const { figure, quantile } = record.design.objective;
  const isThere =
    quantilesOf(record).includes(quantile) && patterns.every((pattern) => pattern.figure === figure);
  if (isThere) return [];
  return [{ id: 'objective', title: `${figure} ${quantileName(quantile)}`, align: 'right' }];
}

function latencyCell(
  point: SweepPoint,
  figure: SweptPattern['figure'],
  quantile: number,
  notes: Footnotes,
): Cell {
  const cell = cellOf(point, figure, quantile);
  if (!cell) return isMarked(point.valid, quantile) ? textCell('marked', { tone: 'bad' }) : EMPTY_CELL;
  if (cell.state === 'needs') return needsCell(cell, notes);
  const spread = spreadOf(seriesOf(point, figure), quantile);
  const below =
    spread.state === 'known' && spread.quantile === quantile
      ? formatRangeUs(spread.lowUs, spread.highUs, cell.valueUs)
      : null;
  return textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us', below });
}

/** Of what was due. */
function inTimeCell({ goodputPerS, ratePerS }: SweepPoint): Cell {
  if (goodputPerS === null) return EMPTY_CELL;
  const share = Math.min(1, goodputPerS / ratePerS);
  return textCell(formatShare(share), {
    value: share,
    unit: 'share',
    below: share < 1 ? formatRate(goodputPerS) : null,
    tone: share < LOAD_LIMITS.share ? 'bad' : 'plain',
  });
}

function growthCell({ growthPerS }: SweepPoint): Cell {
  if (growthPerS === null) return EMPTY_CELL;
  const perS = Math.round(growthPerS);
  const sign = perS > 0 ? '+' : perS < 0 ? '−' : '';
  return textCell(`${sign}${formatCount(Math.abs(perS))}/s`, { value: growthPerS, unit: 'per-s' });
}

function foundCell({ state, limit, trials, valid }: SweepPoint): Cell {
  const of = valid.length < trials ? `${valid.length} of ${trials} valid` : null;
  if (state === 'sustained') return textCell('sustained', { below: of });
  return textCell(limit ?? state, { tone: state === 'saturated' ? 'bad' : 'weak', below: of });
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
      text: `${title} was not run: ${reason ?? 'no reason was given'}`,
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
