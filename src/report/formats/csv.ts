import type { Report } from '../report.ts';
import type { Reporter } from '../reporter.ts';
import { csvLine } from '../text/csv-line.ts';
import type { Cell, Column, Section, SectionRow } from '../view.ts';

const HEADER = ['section', 'pattern', 'part', 'metric', 'value', 'unit', 'text', 'spread', 'notes'];

/** A line per pattern and metric, quoted after RFC 4180, lines ended as Unix tools expect. Figures are in their unit; notes are the footnotes' texts. */
export const csv: Reporter = (report) => {
  const lines = report.tables.flatMap((section) =>
    section.rows.flatMap((row) => rowLines(report, section, row)),
  );
  return [HEADER, ...lines].map(csvLine).join('');
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
