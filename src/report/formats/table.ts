import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Cell, Facts, Section, View } from '../view.ts';
import { explainHint } from './explain-hint.ts';
import type { Reporter, Surface } from './reporter.ts';
import { wrapped } from './wrap.ts';

/** At this width and below, a row becomes a block of lines. */
const STACK_AT = 80;
const MAX_TEXT_WIDTH = 120;
/** Figures with their spread, and texts; narrower, on more lines, where a table would not fit otherwise. */
const WIDTHS: readonly Widths[] = [
  { figure: 13, text: 30 },
  { figure: 10, text: 30 },
  { figure: 13, text: 18 },
  { figure: 10, text: 18 },
];
/** Of the parts of a table that fits in none of these. */
const PART_WIDTHS: Widths = { figure: 13, text: 18 };
const MAX_TITLE_WIDTH = 12;

interface Widths {
  readonly figure: number;
  readonly text: number;
}

/** For terminals: tables where they fit, blocks where they do not. */
export const table: Reporter = (view, _result, surface) => {
  const ink = new Chalk({ level: surface.color ? 1 : 0 });
  const text = (line: string, indent = '') => wrapped(line, Math.min(surface.width, MAX_TEXT_WIDTH), indent);
  const bullets = (lines: readonly string[]) => lines.map((line) => text(`· ${line}`, '  ')).join('\n');
  const isShown = ({ isDetail }: Section) => surface.explain || !isDetail;
  const [headline = '', ...others] = view.findings;
  const parts = [
    ink.bold(text(headline)),
    ...others.map((line) => text(line)),
    ...view.sections
      .filter(isShown)
      .flatMap((section) => [
        `${ink.bold(text(section.title))}\n${sectionText(section, surface, ink)}`,
        ...drawingsText(view, section, surface, ink),
        ...(section.isExplained ? explanationsText(view, surface, ink) : []),
      ]),
    ...(view.footnotes.length > 0
      ? [view.footnotes.map((n) => text(`${n.mark} ${n.text}`, '  ')).join('\n')]
      : []),
    ...warningsText(view, text, ink),
    ...titled('What was run', bullets(view.about), ink),
    ...titled('How to read this', bullets(view.howToRead), ink),
    ...titled(
      'Same for every row, and what differs',
      view.fairness.map((f) => factsText(f, text)).join('\n'),
      ink,
    ),
    ...titled('Thresholds', bullets(view.thresholds), ink),
    ...(view.file === null ? [] : [`Result file: ${view.file}`]),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** Without anything to say, no title. */
function titled(title: string, body: string, ink: ChalkInstance): string[] {
  return body === '' ? [] : [`${ink.bold(title)}\n${ink.dim(body)}`];
}

function warningsText(
  view: View,
  text: (line: string, indent?: string) => string,
  ink: ChalkInstance,
): string[] {
  if (view.warnings.length === 0) return [];
  const lines = view.warnings.map(
    ({ text: what, cure }) => `${ink.yellow(text(`! ${what}`, '  '))}\n${text(`  → ${cure}`, '    ')}`,
  );
  return [`${ink.bold('Warnings')}\n${lines.join('\n')}`];
}

function factsText({ title, facts }: Facts, text: (line: string, indent?: string) => string): string {
  return text(`· ${title}: ${facts.map(([name, value]) => `${name}: ${value}`).join('; ')}`, '  ');
}

/** A line that is too long is cut: broken, it would no longer stand under its scale. */
function drawingsText(view: View, { id }: Section, { width }: Surface, ink: ChalkInstance): string[] {
  const here = (view.drawings ?? []).filter(({ behind }) => behind === id);
  return here.map(({ title, lines }) => {
    const cut = lines(width).map((line) => [...line].slice(0, width).join('').trimEnd());
    return [ink.bold(wrapped(title, width, '')), ...cut].join('\n');
  });
}

/** Behind the table of the verdicts; without --explain only that there is more. */
function explanationsText(view: View, surface: Surface, ink: ChalkInstance): string[] {
  const { explanations, sections, file } = view;
  const text = (line: string, indent: string) =>
    wrapped(line, Math.min(surface.width, MAX_TEXT_WIDTH), indent);
  if (explanations.length === 0) return [];
  const details = sections.filter(({ isDetail }) => isDetail).map(({ title }) => lowered(title));
  if (!surface.explain) return [ink.dim(text(explainHint(file, details), ''))];
  return explanations.map(({ title, rule, rows }) => {
    const lines = rows.flatMap((row) => [
      text(`· ${row.title}: ${row.verdict}`, '  '),
      ...row.figures.map((figure) => text(`    ${figure}`, '      ')),
    ]);
    return [ink.bold(`${title}: how it was judged`), ink.dim(text(rule, '')), ...lines].join('\n');
  });
}

/** Without what is bracketed, in the midst of a sentence. */
function lowered(title: string): string {
  return (title.charAt(0).toLowerCase() + title.slice(1)).replace(/ \(.*\)$/, '');
}

function sectionText(section: Section, surface: Surface, ink: ChalkInstance): string {
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

function drawnTable(section: Section, widths: Widths, ink: ChalkInstance): string {
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

/** How many of a row's title and labels, from the first on, are as in the row above: they are not said again. */
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
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Apart by a space that never breaks: ¹ and ² are not ¹². */
function marksOf(cell: Cell): string {
  return cell.marks.join('\u00a0');
}

/** Marks get a place of their own behind figures, so that these stay aligned. */
function cellText(cell: Cell, { width, room }: { width: number; room: number }, ink: ChalkInstance): string {
  const main = `${cell.text}${marksOf(cell).padEnd(room)}`;
  const toned = tone(cell, cell.unit === 'graph' ? main : wrapped(main, width, ''), ink);
  if (cell.below === null) return toned;
  const below = wrapped(cell.below, width, '').split('\n');
  return [toned, ...below.map((line) => ink.dim(line) + ' '.repeat(room))].join('\n');
}

function tone(cell: Cell, text: string, ink: ChalkInstance): string {
  switch (cell.tone) {
    case 'plain':
      return text;
    case 'good':
      return ink.green(text);
    case 'bad':
      return ink.red(text);
    case 'weak':
      return ink.dim(text);
  }
}

function stacked({ columns, rows }: Section, width: number, ink: ChalkInstance): string {
  const labelWidth = Math.max(...columns.map((column) => column.title.length)) + 2;
  return rows
    .map(({ title, part, cells }) => {
      const lines = columns.flatMap((column, i) => {
        const cell = cells[i]!;
        return column.isLabel || cell.text === part
          ? []
          : [stackedLine(column.title.padEnd(labelWidth), cell, width, ink)];
      });
      const name = part === null ? title : part.startsWith(title) ? part : `${title}, ${part}`;
      return [ink.underline(name), ...lines].join('\n');
    })
    .join('\n');
}

function stackedLine(label: string, cell: Cell, width: number, ink: ChalkInstance): string {
  const indent = ' '.repeat(label.length + 2);
  const below = cell.below === null ? '' : ` (${cell.below})`;
  const [first = '', ...more] = wrapped(indent + cell.text + marksOf(cell) + below, width, indent).split(
    '\n',
  );
  const lines = [`  ${ink.dim(label)}${tone(cell, first.trimStart(), ink)}`, ...more];
  return lines.join('\n');
}
