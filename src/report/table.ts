import { type Cell, type Column, EMPTY_CELL, type Section, type SectionRow, textCell } from './view.ts';
import type { PatternResult } from '../analysis/patterns/pattern-result.ts';

/** A column with what stands in it. */
export interface TableColumn<Line> extends Omit<Column, 'align'> {
  /** Right, where figures stand, if absent. */
  readonly align?: Column['align'];
  /** Left out where no line has anything in it. */
  readonly isOptional?: true;
  readonly cell: (line: Line) => Cell;
  /** Helps to read the column, and stands below it: an axis. */
  readonly foot?: Cell;
}

type Optional<Line> = Omit<TableColumn<Line>, 'id' | 'title' | 'align' | 'cell'>;

/** A column of figures, at the right. */
export function figureColumn<Line>(
  id: string,
  title: string,
  cell: (line: Line) => Cell,
  more?: Optional<Line>,
): TableColumn<Line> {
  return { id, title, cell, ...more };
}

/** A column of words, at the left. */
export function textColumn<Line>(...of: Parameters<typeof figureColumn<Line>>): TableColumn<Line> {
  return { ...figureColumn(...of), align: 'left' };
}

export interface RowName {
  readonly pattern: string | null;
  readonly title: string;
  /** Tells rows of one pattern apart, before the labels among the columns do. */
  readonly part?: string | null;
}

interface Plan<Line> extends Omit<Section, 'title' | 'columns' | 'rows'> {
  /** A screen shows none. */
  readonly title?: string;
  /** All are optional in a compared table. */
  readonly columns: readonly TableColumn<Line>[];
  readonly nameOf: (line: Line) => RowName;
  /** Stands in place of the figures of a line that was not measured; null: it was. */
  readonly missing?: (line: Line) => Cell | null;
  /** The name of the row below the lines. */
  readonly foot?: string;
}

/** A table is columns with cell functions, over lines. */
export function tableOf<Line>(plan: Plan<Line>, lines: readonly Line[]): Section {
  const { columns, nameOf, missing, foot, title = '', ...section } = plan;
  const all = lines.map((line) => cellsOf(columns, line, missing?.(line) ?? null));
  const isShown = (_: unknown, i: number) =>
    !(section.isCompared || columns[i]!.isOptional) || all.some((cells) => !isEmpty(cells[i]!));
  const shown = columns.filter(isShown);
  return {
    ...section,
    title,
    columns: shown.map(columnOf),
    rows: [
      ...lines.map((line, i) => rowOf(nameOf(line), shown, all[i]!.filter(isShown))),
      ...(shown.some((column) => column.foot) ? [footRow(foot ?? '', shown)] : []),
    ],
  };
}

/** Tables that have anything to show. */
export function filledTables(tables: readonly (Section | undefined)[]): Section[] {
  return tables.filter((table) => table !== undefined).filter(({ rows }) => rows.length > 0);
}

/**
 * A table as a screen shows it: columns with a priority and anything in them, and the marks that a note explains.
 * @param notes below it
 */
export function onScreen({ columns, rows, ...section }: Section, notes: readonly string[]): Section {
  const isShown = ({ priority }: Column, i: number) =>
    priority !== undefined && rows.some(({ cells }) => !isEmpty(cells[i]!));
  const isExplained = (mark: string) => notes.some((note) => note.startsWith(mark));
  return {
    ...section,
    isCompared: true,
    columns: columns.filter(isShown),
    rows: rows.map((row) => ({
      ...row,
      cells: row.cells
        .filter((_, i) => isShown(columns[i]!, i))
        .map((cell) => ({ ...cell, marks: cell.marks.filter(isExplained) })),
    })),
  };
}

function cellsOf<Line>(columns: readonly TableColumn<Line>[], line: Line, missing: Cell | null): Cell[] {
  if (missing === null) return columns.map(({ cell }) => cell(line));
  const first = columns.findIndex(({ isLabel }) => !isLabel);
  return columns.map(({ isLabel, cell }, i) => (isLabel ? cell(line) : i === first ? missing : EMPTY_CELL));
}

function isEmpty({ text, value }: Cell): boolean {
  return value === null && (text === EMPTY_CELL.text || text === '');
}

function columnOf({ id, title, align = 'right', isLabel, priority }: TableColumn<never>): Column {
  return { id, title, align, ...(isLabel && { isLabel }), ...(priority !== undefined && { priority }) };
}

function rowOf(
  { part = null, ...name }: RowName,
  columns: readonly { readonly isLabel?: true }[],
  cells: readonly Cell[],
): SectionRow {
  const labels = cells.filter((_, i) => columns[i]!.isLabel).map(({ text }) => text);
  return { ...name, part: [part, ...labels].filter(Boolean).join(', ') || null, cells };
}

function footRow(title: string, columns: readonly { readonly foot?: Cell }[]): SectionRow {
  return { pattern: null, title, part: null, cells: columns.map(({ foot }) => foot ?? textCell('')) };
}

/** A row of a pattern, distinguished by its variant in another column. */
export function patternRow({ record, variant }: PatternResult): RowName {
  return { pattern: record.id, title: record.title, part: variant };
}

/** A row of a pattern under a variant, by the name of both. */
export function lineRow({ record, name }: PatternResult): RowName {
  return { pattern: record.id, title: name };
}
