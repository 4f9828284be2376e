import type { Finding, FoundFigure } from '../../analysis/finding.ts';
import { type Crossover, findingIn, type Point } from './found.ts';
import { formatMs, formatUs, plural } from '../../report/format.ts';
import { answerOf, discardedText } from './answer.ts';
import { isSaturated, middleP50Us, shareDoneAt, valuesOf } from './figures.ts';
import { atText, pairDifferenceText, observedText, shareText, sideText } from './text.ts';
import { type Cell, EMPTY_CELL, type Section, textCell, type Warning } from '../../report/view.ts';
import { type ScreenColumn, screenTable } from '../../report/screen/screen-table.ts';
import type { Screen } from '../../report/screen/screen.ts';
import { moreOf } from '../../report/screen/more.ts';
import { screenWarnings } from '../../report/screen/warnings.ts';

interface Seen {
  readonly warnings: readonly Warning[];
  readonly file: string | null;
}

/** The screen of a search for a crossover point: each point looked at, and the answer. */
export function crossoverScreen(record: Crossover, { warnings, file }: Seen): Screen {
  const { question, range, rows, seed, budgetMs, points } = record;
  const pairs = points.flatMap((point) => point.pairs);
  const between = `${atText(record, range.from)}–${atText(record, range.to)}`;
  const isEmpty = points.every((point) => valuesOf(point).length === 0);
  return {
    run: `Crossover by ${question}: ${rows.map(({ title }) => title).join(' against ')}, ${between}, budget ${formatMs(budgetMs)}, seed ${seed}`,
    tables: isEmpty ? [] : [pointsTable(record)],
    chart: null,
    notes: [],
    warnings: isEmpty ? [] : screenWarnings(warnings),
    findings: isEmpty
      ? [`No results: ${discardedText(record) ?? 'no pair finished'}.`]
      : crossoverWords(record),
    scope: null,
    validity: pairs.length === 0 ? null : pairsText(points),
    more: moreOf(file),
  };
}

const AXIS = { payload: 'Payload', rate: 'Rate', outage: 'Outage' } as const;

/** Each point in the order of the axis, whatever was looked at first. */
function pointsTable(record: Crossover): Section {
  return screenTable(
    {
      id: 'crossover',
      title: '',
      head: AXIS[record.question],
      columns: columnsOf(record),
      nameOf: ({ at }) => ({ pattern: record.rows.map(({ id }) => id).join('/'), title: atText(record, at) }),
    },
    record.points.toSorted((a, b) => a.at - b.at),
  );
}

function columnsOf(record: Crossover): ScreenColumn<Point>[] {
  const { question, rows } = record;
  const [first, second] = rows.map(({ title }) => title);
  const isOutage = question === 'outage';
  const figure = isOutage ? 'completed' : 'p50';
  return [
    {
      id: 'first',
      title: `${first} ${figure}`,
      priority: 1,
      cell: (point) => sideCell(record, point, 'first'),
    },
    {
      id: 'second',
      title: `${second} ${figure}`,
      priority: 1,
      cell: (point) => sideCell(record, point, 'second'),
    },
    {
      id: 'difference',
      title: isOutage ? `${second} − ${first}` : `${first}/${second}`,
      align: 'left',
      priority: 1,
      cell: (point) => textCell(pairDifferenceText(record, point) ?? '–'),
    },
    { id: 'pairs', title: 'Pairs used', priority: 2, cell: usedCell },
    { id: 'found', title: 'Result', align: 'left', priority: 1, cell: (point) => foundCell(record, point) },
  ];
}

function sideCell(record: Crossover, point: Point, side: 'first' | 'second'): Cell {
  if (valuesOf(point).length === 0) return EMPTY_CELL;
  if (record.question === 'outage') return textCell(shareText(shareDoneAt(point, side)));
  if (isSaturated(point, side)) return textCell('saturated', { tone: 'bad' });
  const us = middleP50Us(point, side);
  return us === undefined ? EMPTY_CELL : textCell(formatUs(us), { value: us, unit: 'us' });
}

function usedCell(point: Point): Cell {
  const used = valuesOf(point).length;
  return textCell(`${used} of ${point.pairs.length}`, { value: used, unit: 'count' });
}

const OPEN_WORDS = { unclear: 'inconclusive', unmeasured: 'not measured', stopped: 'out of time' } as const;

function foundCell(record: Crossover, point: Point): Cell {
  const { verdict } = point;
  if (verdict?.state === 'decided') return textCell(sideText(record, point));
  return textCell(verdict ? OPEN_WORDS[verdict.state] : 'not finished', { tone: 'weak' });
}

function pairsText(points: readonly Point[]): string {
  const all = points.reduce((n, { pairs }) => n + pairs.length, 0);
  const used = points.reduce((n, point) => n + valuesOf(point).length, 0);
  return `${used} of ${plural(all, 'pair')} used at ${plural(points.length, 'point')}`;
}

/** The answer; where there is none, what was seen at the points that are not decided. */
function crossoverWords(record: Crossover): string[] {
  const { range, question, rows, points, state } = record;
  const isUnequal = rows[0].guarantee.label !== rows[1].guarantee.label;
  const asides = [
    ...(isUnequal ? ['Their guarantees differ.'] : []),
    ...(state === 'complete' ? [] : ['Interrupted: these are the pairs that were finished.']),
  ];
  if (findingIn(record).kind !== 'inconclusive') return [answerOf(record)[0]!, ...asides];
  const what = question === 'outage' ? 'finishes more of the work' : 'is faster';
  const open = points.filter(({ verdict }) => verdict?.state !== 'decided');
  const each = open.map(
    (point) => `at ${atText(record, point.at)} ${observedText(record, point) ?? 'not measured'}`,
  );
  const between = `between ${atText(record, range.from)} and ${atText(record, range.to)}`;
  const names = rows.map(({ title }) => title).join(' or ');
  return [`Inconclusive ${between} whether ${names} ${what}: ${each.join('; ')}.`, ...asides];
}

/** Where the order changes, as data. */
export function crossoverFindingData(record: Crossover): Finding[] {
  const { rows, question } = record;
  const finding = findingIn(record);
  const subject = rows.map(({ id }) => ({ kind: 'pattern', id }) as const);
  const unit = { payload: 'bytes', rate: 'per-s', outage: 'count' } as const;
  if (finding.kind !== 'crossovers') {
    const verdict = finding.kind === 'none' ? `none-${finding.side}` : 'inconclusive';
    return [{ code: 'crossover-point', subject, figures: [], verdict, caveats: [] }];
  }
  return finding.crossovers.map(({ low, high, below, above }) => {
    const value = Math.sqrt(low * high);
    const figure: FoundFigure = {
      name: `at-${question}`,
      value,
      unit: unit[question],
      interval: { low, high },
    };
    return {
      code: 'crossover-point',
      subject,
      figures: [figure],
      verdict: 'found',
      terms: { below, above },
      caveats: [],
    };
  });
}
