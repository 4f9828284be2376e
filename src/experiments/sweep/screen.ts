import type { Finding, FoundFigure } from '../../analysis/finding.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import type { Objective, Sweep } from './record.ts';
import type { Chart } from '../../report/charts/chart.ts';
import { letterOf } from '../../report/charts/draw-points.ts';
import { formatRate, formatUs, plural, quantileName } from '../../report/format.ts';
import { sustainedUpTo, metBy, saturatedFrom, type SweptPattern } from './points.ts';
import { type Cell, EMPTY_CELL, type Section, textCell, type Warning } from '../../report/view.ts';
import type { Screen } from '../../report/screen/screen.ts';
import { type ScreenColumn, screenTable } from '../../report/screen/screen-table.ts';
import { validityText } from '../../report/screen/validity.ts';
import { moreOf } from '../../report/screen/more.ts';
import { screenWarnings } from '../../report/screen/warnings.ts';

interface Seen {
  readonly patterns: readonly SweptPattern[];
  readonly charts: readonly Chart[];
  readonly warnings: readonly Warning[];
  readonly file: string | null;
}

/** The screen of a sweep: how far each pattern goes, and the tail against load where there is room. */
export function sweepScreen(record: Sweep, { patterns, charts, warnings, file }: Seen): Screen {
  const {
    scenario,
    design: { rates, rounds },
    trials,
    seed,
  } = record;
  const range = `${formatRate(rates[0] ?? 0)}–${formatRate(rates.at(-1) ?? 0)}`;
  const isEmpty = trials.length === 0;
  return {
    run: `Sweep of ${scenario.name}: ${plural(rates.length, 'rate')} ${range}, ${plural(rounds, 'round')}, seed ${seed}`,
    tables: isEmpty ? [] : [sweepTable(record, patterns)],
    chart: charts.at(-1) ?? null,
    notes: [],
    warnings: screenWarnings(warnings),
    findings: isEmpty
      ? [`No results: ${warnings[0]?.text ?? 'no trial finished'}`]
      : sweepWords(record, patterns),
    scope: null,
    validity: validityText(validityFinding(trials)),
    more: moreOf(file),
  };
}

function sweepTable(record: Sweep, patterns: readonly SweptPattern[]): Section {
  return screenTable(
    {
      id: 'sweep',
      title: '',
      head: 'Pattern',
      columns: columnsOf(record, patterns),
      nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
    },
    patterns,
  );
}

function columnsOf(record: Sweep, patterns: readonly SweptPattern[]): ScreenColumn<SweptPattern>[] {
  const { objective, quantile } = record.design;
  const met: ScreenColumn<SweptPattern>[] = objective
    ? [
        {
          id: 'objective',
          title: `${objective.text} up to`,
          priority: 1,
          cell: (pattern) => metCell(pattern, objective),
        },
      ]
    : [];
  return [
    {
      id: 'mark',
      title: 'Mark',
      align: 'left',
      priority: 3,
      cell: (pattern) => textCell(letterOf(patterns.indexOf(pattern))),
    },
    ...met,
    { id: 'knee', title: `Knee (${quantileName(quantile)})`, align: 'left', priority: 1, cell: kneeCell },
    {
      id: 'sustained',
      title: 'Highest sustained rate',
      priority: 1,
      cell: (pattern) => rateCell(sustainedUpTo(pattern)),
    },
    {
      id: 'saturated',
      title: 'Saturated from',
      priority: 2,
      cell: (pattern) => rateCell(saturatedFrom(pattern)),
    },
    { id: 'valid', title: 'Valid points', priority: 4, cell: validPoints },
  ];
}

function metCell(pattern: SweptPattern, objective: Objective): Cell {
  const { metPerS, missedPerS, missedUs } = metBy(pattern, objective);
  if (metPerS === null && missedPerS === null) return textCell('inconclusive', { tone: 'weak' });
  const text =
    metPerS === null ? 'no rate' : `${formatRate(metPerS)}${missedPerS === null ? ' or above' : ''}`;
  const below =
    missedPerS === null
      ? null
      : `${formatRate(missedPerS)}: ${missedUs === null ? 'saturated' : formatUs(missedUs)}`;
  return textCell(text, { value: metPerS, unit: 'per-s', below });
}

function kneeCell({ knee, pattern }: SweptPattern): Cell {
  if (pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  return knee.state === 'known'
    ? textCell(`${formatRate(knee.atPerS)} [${formatRate(knee.lowPerS)}–${formatRate(knee.highPerS)}]`, {
        value: knee.atPerS,
        unit: 'per-s',
        interval: { low: knee.lowPerS, high: knee.highPerS },
      })
    : textCell(kneeWords(knee), { tone: 'weak' });
}

function kneeWords(knee: SweptPattern['knee']): string {
  switch (knee.state) {
    case 'known':
      return formatRate(knee.atPerS);
    case 'above':
      return `${formatRate(knee.perS)} or above`;
    case 'below':
      return `${formatRate(knee.perS)} or below`;
    case 'unknown':
      return 'inconclusive';
  }
}

function rateCell(perS: number | undefined): Cell {
  return perS === undefined ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s' });
}

function validPoints({ points }: SweptPattern): Cell {
  if (points.length === 0) return EMPTY_CELL;
  const valid = points.filter(({ state }) => state !== 'unmeasured').length;
  return textCell(`${valid} of ${points.length}`, { tone: valid < points.length ? 'weak' : 'plain' });
}

/** How far each pattern goes, as data. */
export function sweepFindings(record: Sweep, patterns: readonly SweptPattern[]): Finding[] {
  return [...patterns.map((pattern) => capacityOf(record, pattern)), validityFinding(record.trials)];
}

function capacityOf(record: Sweep, pattern: SweptPattern): Finding {
  return {
    code: 'capacity',
    subject: [{ kind: 'pattern', id: pattern.pattern.id }],
    figures: [
      kneeFigure(pattern),
      rateFigure('highest-sustained-rate', sustainedUpTo(pattern)),
      rateFigure('saturated-from', saturatedFrom(pattern)),
      ...(record.design.objective
        ? [rateFigure('objective-met-up-to', metBy(pattern, record.design.objective).metPerS ?? undefined)]
        : []),
    ],
    verdict: pattern.knee.state,
    caveats: pattern.pattern.state === 'not-run' ? [{ code: 'not-run' }] : [],
  };
}

function kneeFigure({ knee }: SweptPattern): FoundFigure {
  if (knee.state !== 'known') return { name: 'knee', value: null, unit: 'per-s' };
  const interval = { low: knee.lowPerS, high: knee.highPerS };
  return { name: 'knee', value: knee.atPerS, unit: 'per-s', interval };
}

function rateFigure(name: string, perS: number | undefined): FoundFigure {
  return { name, value: perS ?? null, unit: 'per-s' };
}

function sweepWords(record: Sweep, patterns: readonly SweptPattern[]): string[] {
  const {
    state,
    design: { objective, quantile },
  } = record;
  const run = patterns.filter(({ pattern }) => pattern.state === 'run');
  const each = (of: (pattern: SweptPattern) => string) =>
    run.map((pattern) => `${pattern.pattern.title} ${of(pattern)}`).join(', ');
  const saturated = run.filter((pattern) => saturatedFrom(pattern) !== undefined);
  return [
    ...(state === 'interrupted' ? ['Interrupted: these are the trials that were finished.'] : []),
    ...(objective
      ? [`${objective.text} is met up to: ${each((pattern) => metCell(pattern, objective).text)}.`]
      : []),
    `${quantileName(quantile)} grows faster than load from: ${each(({ knee }) => kneeWords(knee))}.`,
    saturated.length === 0
      ? 'No pattern was saturated.'
      : `Saturated from: ${saturated.map((pattern) => `${pattern.pattern.title} ${formatRate(saturatedFrom(pattern)!)}`).join(', ')}.`,
  ];
}
