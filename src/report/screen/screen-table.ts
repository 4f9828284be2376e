import type { Cell, Column, Section } from '../view.ts';

/** A column with what stands in it. */
export interface ScreenColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly align?: Column['align'];
  /** 1 stays however narrow the screen is; the higher, the sooner it is dropped. */
  readonly priority: number;
  readonly cell: (pattern: Row) => Cell;
}

interface Plan<Row> {
  readonly id: string;
  readonly title: string;
  readonly head: string;
  readonly columns: readonly ScreenColumn<Row>[];
  readonly nameOf: (pattern: Row) => { readonly pattern: string; readonly title: string };
}

/** A table of one line a row; columns in which no row has anything are left out. */
export function screenTable<Row>(
  { id, title, head, columns, nameOf }: Plan<Row>,
  patterns: readonly Row[],
): Section {
  const filled = columns
    .map((column) => ({ column, cells: patterns.map((pattern) => column.cell(pattern)) }))
    .filter(({ cells }) => cells.some((cell) => !isEmpty(cell)));
  return {
    id,
    title,
    head,
    isCompared: true,
    columns: filled.map(({ column: { id: own, title: name, align = 'right', priority } }) => {
      return { id: own, title: name, align, priority };
    }),
    rows: patterns.map((pattern, i) => ({
      ...nameOf(pattern),
      part: null,
      cells: filled.map(({ cells }) => cells[i]!),
    })),
  };
}

function isEmpty({ text, value }: Cell): boolean {
  return value === null && (text === '–' || text === '');
}
