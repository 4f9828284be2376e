import type { Finding, FoundFigure } from '../../analysis/finding.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import type { Objective, Sweep } from '../../record/sweep-record.ts';
import type { Chart } from '../charts/chart.ts';
import { letterOf } from '../charts/draw-points.ts';
import { formatRate, formatUs, plural, quantileName } from '../format.ts';
import { keptUpTo, saturatedFrom } from '../searches/sweep-answer.ts';
import { metBy, type SweepRow } from '../searches/sweep-points.ts';
import { type Cell, EMPTY_CELL, type Section, textCell, type Warning } from '../view.ts';
import type { Screen } from './screen.ts';
import { type ScreenColumn, screenTable } from './screen-table.ts';
import { validityText } from './validity.ts';
import { moreOf } from './more.ts';
import { screenWarnings } from './warnings.ts';

interface Seen {
  readonly rows: readonly SweepRow[];
  readonly charts: readonly Chart[];
  readonly warnings: readonly Warning[];
  readonly file: string | null;
}

/** The screen of a sweep: how far each pattern goes, and the tail against load where there is room. */
export function sweepScreen(record: Sweep, { rows, charts, warnings, file }: Seen): Screen {
  const { scenario, rates, rounds, trials, seed } = record;
  const range = `${formatRate(rates[0] ?? 0)}–${formatRate(rates.at(-1) ?? 0)}`;
  const isEmpty = trials.length === 0;
  return {
    run: `Sweep of ${scenario.name}: ${plural(rates.length, 'rate')} ${range}, ${plural(rounds, 'round')}, seed ${seed}`,
    tables: isEmpty ? [] : [sweepTable(record, rows)],
    chart: charts.at(-1) ?? null,
    notes: [],
    warnings: screenWarnings(warnings),
    findings: isEmpty
      ? [`No results: ${warnings[0]?.text ?? 'no trial finished'}`]
      : sweepWords(record, rows),
    scope: null,
    validity: validityText(validityFinding(trials)),
    more: moreOf(file),
  };
}

function sweepTable(record: Sweep, rows: readonly SweepRow[]): Section {
  return screenTable(
    {
      id: 'sweep',
      title: '',
      head: 'Pattern',
      columns: columnsOf(record, rows),
      nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
    },
    rows,
  );
}

function columnsOf(record: Sweep, rows: readonly SweepRow[]): ScreenColumn<SweepRow>[] {
  const { objective, quantile } = record;
  const met: ScreenColumn<SweepRow>[] = objective
    ? [
        {
          id: 'objective',
          title: `${objective.text} up to`,
          priority: 1,
          cell: (row) => metCell(row, objective),
        },
      ]
    : [];
  return [
    {
      id: 'mark',
      title: 'Mark',
      align: 'left',
      priority: 3,
      cell: (row) => textCell(letterOf(rows.indexOf(row))),
    },
    ...met,
    { id: 'knee', title: `Knee (${quantileName(quantile)})`, align: 'left', priority: 1, cell: kneeCell },
    { id: 'sustained', title: 'Highest sustained rate', priority: 1, cell: (row) => rateCell(keptUpTo(row)) },
    { id: 'saturated', title: 'Saturated from', priority: 2, cell: (row) => rateCell(saturatedFrom(row)) },
    { id: 'valid', title: 'Valid points', priority: 4, cell: validPoints },
  ];
}

function metCell(row: SweepRow, objective: Objective): Cell {
  const { metPerS, missedPerS, missedUs } = metBy(row, objective);
  if (metPerS === null && missedPerS === null) return textCell('inconclusive', { tone: 'weak' });
  const text =
    metPerS === null ? 'no rate' : `${formatRate(metPerS)}${missedPerS === null ? ' or above' : ''}`;
  const below =
    missedPerS === null
      ? null
      : `${formatRate(missedPerS)}: ${missedUs === null ? 'saturated' : formatUs(missedUs)}`;
  return textCell(text, { value: metPerS, unit: 'per-s', below });
}

function kneeCell({ knee, pattern }: SweepRow): Cell {
  if (pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  return knee.state === 'known'
    ? textCell(`${formatRate(knee.atPerS)} [${formatRate(knee.lowPerS)}–${formatRate(knee.highPerS)}]`, {
        value: knee.atPerS,
        unit: 'per-s',
        interval: { low: knee.lowPerS, high: knee.highPerS },
      })
    : textCell(kneeWords(knee), { tone: 'weak' });
}

function kneeWords(knee: SweepRow['knee']): string {
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

function validPoints({ points }: SweepRow): Cell {
  if (points.length === 0) return EMPTY_CELL;
  const valid = points.filter(({ state }) => state !== 'unmeasured').length;
  return textCell(`${valid} of ${points.length}`, { tone: valid < points.length ? 'weak' : 'plain' });
}

/** How far each pattern goes, as data. */
export function sweepFindings(record: Sweep, rows: readonly SweepRow[]): Finding[] {
  return [...rows.map((row) => capacityOf(record, row)), validityFinding(record.trials)];
}

function capacityOf(record: Sweep, row: SweepRow): Finding {
  return {
    code: 'capacity',
    subject: [{ kind: 'pattern', id: row.pattern.id }],
    figures: [
      kneeFigure(row),
      rateFigure('highest-sustained-rate', keptUpTo(row)),
      rateFigure('saturated-from', saturatedFrom(row)),
      ...(record.objective
        ? [rateFigure('objective-met-up-to', metBy(row, record.objective).metPerS ?? undefined)]
        : []),
    ],
    verdict: row.knee.state,
    caveats: row.pattern.state === 'not-run' ? [{ code: 'not-run' }] : [],
  };
}

function kneeFigure({ knee }: SweepRow): FoundFigure {
  if (knee.state !== 'known') return { name: 'knee', value: null, unit: 'per-s' };
  const interval = { low: knee.lowPerS, high: knee.highPerS };
  return { name: 'knee', value: knee.atPerS, unit: 'per-s', interval };
}

function rateFigure(name: string, perS: number | undefined): FoundFigure {
  return { name, value: perS ?? null, unit: 'per-s' };
}

function sweepWords(record: Sweep, rows: readonly SweepRow[]): string[] {
  const { objective, state, quantile } = record;
  const run = rows.filter(({ pattern }) => pattern.state === 'run');
  const each = (of: (row: SweepRow) => string) =>
    run.map((row) => `${row.pattern.title} ${of(row)}`).join(', ');
  const saturated = run.filter((row) => saturatedFrom(row) !== undefined);
  return [
    ...(state === 'interrupted' ? ['Interrupted: these are the trials that were finished.'] : []),
    ...(objective ? [`${objective.text} is met up to: ${each((row) => metCell(row, objective).text)}.`] : []),
    `${quantileName(quantile)} grows faster than load from: ${each(({ knee }) => kneeWords(knee))}.`,
    saturated.length === 0
      ? 'No pattern was saturated.'
      : `Saturated from: ${saturated.map((row) => `${row.pattern.title} ${formatRate(saturatedFrom(row)!)}`).join(', ')}.`,
  ];
}
