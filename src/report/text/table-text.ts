import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Surface } from '../reporter.ts';
import type { Section } from '../view.ts';
import { cellText, marksOf } from './cell-text.ts';
import { stacked } from './stacked.ts';
import { wrapped } from './wrap.ts';

/** At this width and below, a row becomes a block of lines. */
const STACK_AT = 80;
/** Figures with their spread, and texts; narrower, on more lines, where a table would not fit otherwise. */
const WIDTHS: readonly Widths[] = [
  { figure: 13, text: 30 },
  { figure: 10, text: 30 },
  { figure: 13, text: 18 },
  { figure: 10, text: 18 },
];
/** Widths in the parts of a table that fits in none of these. */
const PART_WIDTHS: Widths = { figure: 13, text: 18 };
const MAX_TITLE_WIDTH = 12;

interface Widths {
  readonly figure: number;
  readonly text: number;
}

/** A table where it fits, else a block of lines for each row. */
export function sectionText(section: Section, surface: Surface, ink: ChalkInstance): string {
  if (surface.width <= STACK_AT && !section.isCompared) return stacked(section, surface.width, ink);
  const widths = WIDTHS.find((some) => fits(section, some, surface.width));
  if (widths) return drawnTable(section, widths, ink);
  return partsOf(section, surface.width)
    .map((part) =>
      fits(part, PART_WIDTHS, surface.width)
        ? drawnTable(part, PART_WIDTHS, ink)
        : stacked(part, surface.width, ink),
    )
    .join('\n\n');
}

const PLAIN = new Chalk({ level: 0 });

function fits(section: Section, widths: Widths, width: number): boolean {
  return drawnTable(section, widths, PLAIN)
    .split('\n')
    .every((line) => line.length <= width);
}

/** The same rows with some of the columns each, as many as fit, behind those that say which row it is. */
function partsOf(section: Section, width: number): Section[] {
  const parts: Section[] = [];
  const labels = labelsOf(section);
  let from = labels;
  for (let to = labels + 1; to <= section.columns.length; to++) {
    const isLast = to === section.columns.length;
    if (!isLast && fits(withColumns(section, from, to + 1), PART_WIDTHS, width)) continue;
    parts.push(withColumns(section, from, to));
    from = to;
  }
  return parts;
}

function labelsOf({ columns }: Section): number {
  return columns.filter(({ isLabel }) => isLabel).length;
}

function withColumns(section: Section, from: number, to: number): Section {
  const labels = labelsOf(section);
  const chosen = <T>(all: readonly T[]): T[] => [...all.slice(0, labels), ...all.slice(from, to)];
  return {
    ...section,
    columns: chosen(section.columns),
    rows: section.rows.map((row) => ({ ...row, cells: chosen(row.cells) })),
  };
}

const RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  'left-mid': '',
  'right-mid': '',
  mid: '',
  'mid-mid': '',
  middle: '  ',
};

export function drawnTable(section: Section, widths: Widths, ink: ChalkInstance): string {
  const { columns, rows, head = 'Pattern' } = section;
  const titleWidth = Math.min(MAX_TITLE_WIDTH, widths.figure);
  const drawn = new Table({
    head: [head, ...columns.map((column) => wrapped(column.title, titleWidth, ''))].map((title) =>
      ink.dim(title),
    ),
    colAligns: ['left', ...columns.map((column) => column.align)],
    chars: RULES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  const markWidths = columns.map((_, i) => Math.max(0, ...rows.map((row) => marksOf(row.cells[i]!).length)));
  for (const [i, row] of rows.entries()) {
    const same = sameLabels(section, i);
    const cells = row.cells.map((cell, at) => {
      if (at < same - 1) return '';
      const isFigure = columns[at]!.align === 'right';
      const room = isFigure ? markWidths[at]! : 0;
      return cellText(cell, { width: isFigure ? widths.figure + room : widths.text, room }, ink);
    });
    drawn.push([same > 0 ? '' : wrapped(row.title, widths.text, ''), ...cells]);
  }
  return withoutTrailing(drawn.toString());
}

/** How many of a row's title and labels, from the first on, are as in the row above: they are not repeated. */
function sameLabels(section: Section, at: number): number {
  const [above, here] = [section.rows[at - 1], section.rows[at]!];
  if (above?.title !== here.title) return 0;
  const texts = here.cells.slice(0, labelsOf(section)).map(({ text }) => text);
  const differs = texts.findIndex((text, i) => text !== above.cells[i]!.text);
  return 1 + (differs < 0 ? texts.length : differs);
}

function withoutTrailing(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(TRAILING, '$1').trimEnd())
    .join('\n');
}

/** Spaces at the end, though they are coloured. */
const TRAILING = new RegExp(String.raw`[ ]+((?:\u001B\[[0-9;]*m)+)$`, 'u');
