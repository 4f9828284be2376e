import { type PrintedCell, type PrintedTable, screenTablesIn, tablesIn } from './pages/printed.ts';
import type { StoredRecord } from './pages/stored.ts';
import { NOTHING, type OwnCell, type OwnTable, type TableRule } from './rule.ts';

/** A cell that is printed otherwise than it is recomputed, or a part that is there on one side alone. */
interface Deviation {
  readonly at: string;
  readonly printed: string;
  readonly own: string;
}

/** What came of one printed table. */
export interface TableCheck {
  readonly heading: string;
  /** Cells compared, and how many of these hold a figure. */
  readonly cells: number;
  readonly figures: number;
  readonly deviations: readonly Deviation[];
  /** Columns of words by their titles, with the reason why they are not recomputed. */
  readonly words: ReadonlyMap<string, string>;
  /** The table, or columns of it, without any recomputation. */
  readonly notRecomputed: readonly string[];
}

/** Every table of a page against its own computation from the record. */
export function checkPage(record: StoredRecord, markdown: string, rules: readonly TableRule[]): TableCheck[] {
  const ofPages = rules.filter(({ isScreen }) => !isScreen);
  return checkTables(record, tablesIn(markdown), ofPages);
}

/** The same of what a screen shows. */
export function checkScreen(record: StoredRecord, json: string, rules: readonly TableRule[]): TableCheck[] {
  const ofScreens = rules.filter(({ isScreen }) => isScreen);
  return checkTables(record, screenTablesIn(json), ofScreens);
}

function checkTables(
  record: StoredRecord,
  printed: readonly PrintedTable[],
  rules: readonly TableRule[],
): TableCheck[] {
  const own = rules.filter(({ of }) => of.includes(record.experiment));
  const found = printed.map((table) => {
    const rule = own.find(({ heading }) => heading.test(table.heading));
    if (!rule) return unknownTable(table);
    return rule.unread === null ? checkTable(table, rule.own(record)) : unreadTable(table, rule.unread);
  });
  const absent = own.filter(({ heading }) => !printed.some((table) => heading.test(table.heading)));
  return [...found, ...absent.flatMap((rule) => absentTable(rule, record))];
}

function unknownTable({ heading }: PrintedTable): TableCheck {
  return {
    heading,
    cells: 0,
    figures: 0,
    deviations: [],
    words: new Map(),
    notRecomputed: ['the whole table'],
  };
}

function unreadTable(table: PrintedTable, why: string): TableCheck {
  const words = new Map(table.titles.map((title) => [title, why]));
  return { ...unknownTable(table), words, notRecomputed: [] };
}

/** A table that should be there. */
function absentTable({ heading, own }: TableRule, record: StoredRecord): TableCheck[] {
  const { rows } = own(record);
  if (rows.length === 0) return [];
  const deviation = { at: 'table', printed: 'not printed', own: `${rows.length} rows` };
  return [
    {
      ...unknownTable({ heading: String(heading), titles: [], rows: [] }),
      deviations: [deviation],
      notRecomputed: [],
    },
  ];
}

function checkTable({ heading, titles, rows }: PrintedTable, own: OwnTable): TableCheck {
  const columns = titles.slice(1).map((title, i) => ({ title, at: i + 1 }));
  const compared = columns.filter(({ title }) => own.titles.includes(title));
  const isKnown = (title: string) => own.titles.includes(title) || own.words.has(title);
  const pairs = rows.flatMap((row, i) => {
    const mine = own.rows[i];
    if (!mine) return [];
    const where = `row ${i + 1}, ${mine.name}`;
    return [
      { at: where, printed: row[0]!, own: { text: mine.name } },
      ...compared.map(({ title, at }) => ({
        at: `${where}: ${title}`,
        printed: row[at] ?? { text: '', below: null },
        own: mine.cells.get(title) ?? NOTHING,
      })),
    ];
  });
  return {
    heading,
    cells: pairs.length,
    figures: pairs.filter(({ printed }) => /\d/.test(wholeText(printed))).length,
    deviations: [
      ...rowCount(rows.length, own.rows.length),
      ...pairs.flatMap(deviationOf),
      ...notPrinted(titles, own),
    ],
    words: new Map([...own.words].filter(([title]) => titles.includes(title))),
    notRecomputed: columns.flatMap(({ title }) => (isKnown(title) ? [] : [title])),
  };
}

function rowCount(printed: number, own: number): Deviation[] {
  return printed === own ? [] : [{ at: 'rows', printed: String(printed), own: String(own) }];
}

function deviationOf(pair: { at: string; printed: PrintedCell; own: OwnCell }): Deviation[] {
  const [printed, own] = [wholeText(pair.printed), wholeText(pair.own)];
  return printed === own ? [] : [{ at: pair.at, printed, own }];
}

/** Columns that hold something, but are not there. */
function notPrinted(titles: readonly string[], { titles: all, rows }: OwnTable): Deviation[] {
  return all
    .filter((title) => !titles.includes(title))
    .flatMap((title) => {
      const row = rows.find(({ cells }) => !['', NOTHING.text].includes(cells.get(title)?.text ?? ''));
      return row ? [{ at: title, printed: 'no column', own: wholeText(row.cells.get(title)!) }] : [];
    });
}

function wholeText({ text, below }: OwnCell): string {
  return below == null ? text : `${text} / ${below}`;
}
