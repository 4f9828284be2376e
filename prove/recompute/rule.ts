import type { StoredRecord } from './pages/stored.ts';

/** What a cell must be, by an own computation. */
export interface OwnCell {
  readonly text: string;
  readonly below?: string | null;
}

export const NOTHING: OwnCell = { text: '–' };

/** A column whose cells are words that no figure is in: it is not compared, for this reason. */
interface WordColumn {
  readonly words: string;
}

/** The text alone, or a cell. */
export type OwnColumn<Line> = WordColumn | ((line: Line) => OwnCell | string);

interface Plan<Line> {
  /** The experiments in whose reports it stands. */
  readonly of: readonly string[];
  readonly heading: RegExp;
  /** It stands on the screen, which shows less than a page. */
  readonly isScreen?: true;
  /** Empty: such a record has no such table. */
  readonly lines: (record: StoredRecord) => readonly Line[];
  /** The first cell of a line's row. */
  readonly name: (line: Line) => string;
  /** All other columns by their titles, those that are printed with some records only among them. */
  readonly columns: (
    record: StoredRecord,
    lines: readonly Line[],
  ) => Readonly<Record<string, OwnColumn<Line>>>;
  /** Stands in the first column of a line that was not measured; all others are empty. */
  readonly missing?: (line: Line) => string | null;
  /** The whole table is words, and is not compared for this reason. */
  readonly unread?: string;
  /** Columns that a line has even then. */
  readonly labels?: readonly string[];
}

interface OwnRow {
  readonly name: string;
  readonly cells: ReadonlyMap<string, OwnCell>;
}

export interface OwnTable {
  readonly rows: readonly OwnRow[];
  /** Titles of all columns that are recomputed, whether they are printed or not. */
  readonly titles: readonly string[];
  /** Titles of those that are words, and why. */
  readonly words: ReadonlyMap<string, string>;
}

/** A printed table, and how each of its cells is recomputed. */
export interface TableRule {
  readonly of: readonly string[];
  readonly heading: RegExp;
  readonly own: (record: StoredRecord) => OwnTable;
  readonly unread: string | null;
  readonly isScreen: boolean;
}

export function tableRule<Line>(plan: Plan<Line>): TableRule {
  const { of, heading, unread = null, isScreen = false } = plan;
  return { of, heading, unread, isScreen, own: (record) => ownTable(plan, record) };
}

function ownTable<Line>(plan: Plan<Line>, record: StoredRecord): OwnTable {
  const lines = plan.lines(record);
  const columns = Object.entries(lines.length === 0 ? {} : plan.columns(record, lines));
  const figures = columns.flatMap(([title, column]) =>
    typeof column === 'function' ? [[title, column] as const] : [],
  );
  return {
    titles: figures.map(([title]) => title),
    words: new Map(
      columns.flatMap(([title, column]) => (typeof column === 'function' ? [] : [[title, column.words]])),
    ),
    rows: lines.map((line) => ({ name: plan.name(line), cells: new Map(cellsOf(plan, line, figures)) })),
  };
}

function cellsOf<Line>(
  { missing, labels = [] }: Plan<Line>,
  line: Line,
  figures: readonly (readonly [string, (of: Line) => OwnCell | string])[],
): (readonly [string, OwnCell])[] {
  const why = missing?.(line) ?? null;
  const first = figures.find(([title]) => !labels.includes(title))?.[0];
  return figures.map(([title, column]) => {
    if (why === null || labels.includes(title)) return [title, asCell(column(line))];
    return [title, title === first ? { text: why } : NOTHING];
  });
}

function asCell(cell: OwnCell | string): OwnCell {
  return typeof cell === 'string' ? { text: cell } : cell;
}
