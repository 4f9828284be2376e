/** The tables of a report as they are printed: `--format markdown`. */
export interface PrintedTable {
  readonly heading: string;
  /** Of all columns; the first names the row. */
  readonly titles: readonly string[];
  readonly rows: readonly (readonly PrintedCell[])[];
}

export interface PrintedCell {
  /** Without the marks of footnotes. */
  readonly text: string;
  /** The second, smaller line; null: there is none. */
  readonly below: string | null;
}

const HEADING = /^(?:### |<details><summary>)(.*?)(?:<\/summary>)?$/;
const MARKS = /[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g;

export function tablesIn(markdown: string): PrintedTable[] {
  const tables: { heading: string; lines: string[] }[] = [];
  let heading = '';
  let isInside = false;
  for (const line of markdown.split('\n')) {
    const found = HEADING.exec(line);
    if (found) heading = plain(found[1]!);
    const isRow = line.startsWith('| ');
    if (isRow && !isInside) tables.push({ heading, lines: [] });
    if (isRow) tables.at(-1)!.lines.push(line);
    isInside = isRow;
  }
  return tables.map(({ heading: own, lines }) => {
    const [titles, , ...rows] = lines.map(fieldsOf);
    return { heading: own, titles: titles!.map(plain), rows: rows.map((fields) => fields.map(cellOf)) };
  });
}

interface JsonReport {
  readonly tables: readonly {
    readonly id: string;
    readonly title: string;
    readonly columns: readonly { readonly id: string; readonly title: string }[];
    readonly rows: readonly {
      readonly title: string;
      readonly cells: Readonly<Record<string, { readonly text: string; readonly note?: string }>>;
    }[];
  }[];
}

/** The tables of a screen, in a report as JSON: those without a title that no page has. */
export function screenTablesIn(json: string): PrintedTable[] {
  const { tables } = JSON.parse(json) as JsonReport;
  return tables
    .filter(({ title }) => title === '')
    .map(({ id, columns, rows }) => ({
      heading: `screen: ${id}`,
      titles: ['', ...columns.map(({ title }) => title)],
      rows: rows.map(({ title, cells }) => [
        { text: title, below: null },
        ...columns.map(({ id: own }) => ({
          text: plain(cells[own]!.text),
          below: plain(cells[own]!.note ?? '') || null,
        })),
      ]),
    }));
}

/** Fields between unescaped bars. */
function fieldsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((field) => field.trim());
}

function cellOf(field: string): PrintedCell {
  const [main = '', below] = field.split('<br>');
  const isDrawing = main.startsWith('`');
  const text = isDrawing ? plain(main.slice(1, -1)) : withoutMarks(plain(main));
  return { text, below: below === undefined ? null : plain(below.replaceAll(/<\/?sub>/g, '')) };
}

function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, '').trim();
}

/** Without the escapes of Markdown and HTML; spaces that do not break are spaces. */
function plain(text: string): string {
  return text
    .replaceAll(/\\([\\`*_[\]|])/g, '$1')
    .replaceAll('<!-- -->', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
}
