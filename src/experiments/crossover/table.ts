import { countCell, figureCell } from '../../report/cells.ts';
import type { Crossover, Point } from './found.ts';
import { isSaturated, middleP50Us, observedOutageMs, shareDoneAt, valuesOf } from './figures.ts';
import { atText, pairDifferenceText, pointVerdictText, shareText } from './text.ts';
import { formatUs } from '../../report/format.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../../report/table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../report/view.ts';

export const AXIS_TITLE = { payload: 'Payload', rate: 'Rate', outage: 'Outage' } as const;

/** Each point in the order of the axis, whatever was measured first. */
export function crossoverTable(record: Crossover): Section {
  const { question, patterns } = record;
  return tableOf(
    {
      id: 'points',
      title: 'Checked',
      head: AXIS_TITLE[question],
      nameOf: ({ at }) => {
        const title = atText(record, at);
        return { pattern: patterns.map(({ id }) => id).join('/'), title, part: title };
      },
      columns: columnsOf(record),
    },
    record.points.toSorted((a, b) => a.at - b.at),
  );
}

function columnsOf(record: Crossover): TableColumn<Point>[] {
  const { question, patterns } = record;
  const [first, second] = patterns.map(({ title }) => title);
  const isOutage = question === 'outage';
  const side = (id: 'first' | 'second', title: string | undefined): TableColumn<Point> =>
    figureColumn(
      id,
      `${title} ${isOutage ? 'finally done' : 'p50'}`,
      (point) => sideCell(record, point, id),
      { priority: 1 },
    );
  const seen: TableColumn<Point>[] = isOutage ? [figureColumn('seen', 'Observed outage', observedCell)] : [];
  return [
    side('first', first),
    side('second', second),
    textColumn(
      'difference',
      isOutage ? `${second} − ${first}` : `${first}/${second}`,
      (point) => textCell(pairDifferenceText(record, point) ?? EMPTY_CELL.text),
      { priority: 1 },
    ),
    figureColumn('pairs', 'Pairs used', usedCell, { priority: 2 }),
    ...seen,
    textColumn('found', 'Result', (point) => foundCell(record, point), { priority: 1 }),
  ];
}

function sideCell({ question }: Crossover, point: Point, side: 'first' | 'second'): Cell {
  if (valuesOf(point).length === 0) return EMPTY_CELL;
  const us = middleP50Us(point, side);
  if (question === 'outage') {
    const below = us === undefined ? null : `p50 after ${formatUs(us)}`;
    return textCell(shareText(shareDoneAt(point, side)), { below });
  }
  if (isSaturated(point, side)) return textCell('saturated', { tone: 'bad' });
  return figureCell(us, 'us');
}

function usedCell(point: Point): Cell {
  const used = valuesOf(point).length;
  return countCell(used, { text: `${used} of ${point.pairs.length}` });
}

/** The first pattern's, as a rule about the same in both. */
function observedCell(point: Point): Cell {
  const ms = observedOutageMs(point, 'first');
  return figureCell(ms && ms * 1000, 'us');
}

function foundCell(record: Crossover, point: Point): Cell {
  const isDecided = point.verdict?.state === 'decided';
  return textCell(pointVerdictText(record, point), isDecided ? {} : { tone: 'weak' });
}
