import type { Report } from '../report.ts';
import type { Reporter } from '../reporter.ts';
import type { Cell, Column, Section, SectionRow } from '../view.ts';

const HEADER = ['section', 'pattern', 'part', 'metric', 'value', 'unit', 'text', 'spread', 'notes'];

/** A spreadsheet takes a text that begins so for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Figures of ours, with a unit and an interval: `-12.5`, `+5.7 points [+4.9 to +6.6]`. */
const FIGURE = /^[+-]?[\d.,]+(e[+-]?\d+)?( [a-zµ%]+)?( \[[+\-−\d., to–]+\])?$/;

/** A line per pattern and metric, quoted after RFC 4180, lines ended as Unix tools expect. Figures are in their unit; notes are the footnotes' texts. */
export const csv: Reporter = (report) => {
  const lines = report.tables.flatMap((section) =>
    section.rows.flatMap((row) => rowLines(report, section, row)),
  );
  return [HEADER, ...lines].map((fields) => `${fields.map(quoted).join(',')}\n`).join('');
};

function rowLines(report: Report, section: Section, row: SectionRow): string[][] {
  const { pattern } = row;
  if (pattern === null) return [];
  return section.columns.flatMap((column: Column, i) => {
    const cell = row.cells[i]!;
    return cell.unit === 'graph'
      ? []
      : [[section.id, pattern, row.part ?? '', column.id, ...figure(cell), notes(report, cell)]];
  });
}

function figure(cell: Cell): string[] {
  return [cell.value === null ? '' : String(cell.value), cell.unit, cell.text, cell.below ?? ''];
}

function notes({ caveats }: Report, cell: Cell): string {
  return caveats.footnotes
    .filter((note) => cell.marks.includes(note.mark))
    .map((note) => note.text)
    .join(' ');
}

function quoted(field: string): string {
  const text = FORMULA.test(field) && !FIGURE.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
