import { figureCell } from '../../report/cells.ts';
import { type formatFigure, formatRangeUs, formatShare } from '../../report/format.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../../report/table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../report/view.ts';
import { decidingText, NAMES } from './answer.ts';
import { type FaultedFigure, isShare, type VariedPattern, type VariedPoint } from './points.ts';
import type { VaryRecord } from './record.ts';

interface Line {
  readonly pattern: VariedPattern;
  readonly point: VariedPoint;
}

/** Each value of each pattern. */
export function valuesTable({ design }: VaryRecord, patterns: readonly VariedPattern[]): Section {
  return tableOf<Line>(
    {
      id: 'values',
      title: `By ${design.path}`,
      nameOf: ({ pattern: { pattern }, point }) => {
        return { pattern: pattern.id, title: pattern.title, part: String(point.value) };
      },
      columns: [
        textColumn('value', design.path, ({ point }) => textCell(String(point.value)), {
          isLabel: true,
          priority: 1,
        }),
        figureColumn('deciding', decidingTitle(patterns), decidingCell, { priority: 1 }),
        ...faultColumns(),
        figureColumn('lost', 'Lost', ({ point }) => figureCell(point.lost, 'count'), { priority: 2 }),
        figureColumn('trials', 'Trials', ({ point }) => trialsCell(point), { priority: 3 }),
      ],
    },
    patterns.flatMap((pattern) => pattern.points.map((point) => ({ pattern, point }))),
  );
}

/** Patterns with and without a reply have different figures. */
function decidingTitle(patterns: readonly VariedPattern[]): string {
  const names = [...new Set(patterns.map(({ kind }) => NAMES[kind]))].join(', or ');
  return `${names.charAt(0).toUpperCase()}${names.slice(1)} (range of the rounds)`;
}

function decidingCell({ pattern: { kind }, point: { figure, byRound } }: Line): Cell {
  const values = [...byRound.values()];
  if (figure === null) return textCell('not measured', { tone: 'weak' });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = isShare(kind) ? `${formatShare(low)}–${formatShare(high)}` : formatRangeUs(low, high, figure);
  return textCell(`${decidingText(figure, kind)} (${range})`, {
    value: figure,
    unit: isShare(kind) ? 'share' : 'us',
    interval: { low, high },
  });
}

const FAULT_COLUMNS: readonly (readonly [
  FaultedFigure,
  string,
  Parameters<typeof formatFigure>[1],
  number,
])[] = [
  ['success-in-fault', 'Correct in the fault', 'share', 1],
  ['recovery', 'Recovered after', 'us', 1000],
  ['amplification', 'Tries per call', 'ratio', 1],
  ['wasted-work', 'Wasted work', 'share', 1],
];

function faultColumns(): TableColumn<Line>[] {
  return FAULT_COLUMNS.map(([figure, title, unit, by]) =>
    figureColumn(
      figure,
      title,
      ({ point }) => {
        const value = point.faulted[figure];
        return value === null || value === undefined ? EMPTY_CELL : figureCell(value * by, unit);
      },
      { priority: 2, isOptional: true },
    ),
  );
}

function trialsCell({ planned, byRound }: VariedPoint): Cell {
  const text = byRound.size === planned ? String(planned) : `${byRound.size} of ${planned}`;
  return figureCell(byRound.size, 'count', { text });
}
