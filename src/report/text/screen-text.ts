import { Chalk, type ChalkInstance } from 'chalk';
import { drawChart } from '../charts/draw.ts';
import type { Report } from '../report.ts';
import type { Surface } from '../reporter.ts';
import type { Screen } from '../screen/screen.ts';
import { screenWarnings } from '../screen/warnings.ts';
import { onScreen } from '../table.ts';
import { fittedTable } from './fitted-table.ts';
import { wrapped } from './wrap.ts';

/** No screen is longer, however high the terminal is. */
const MOST_LINES = 40;
const MOST_WARNINGS = 3;
const WIDEST_TEXT = 120;
const PLOT_LINES = 12;
/** Lines for findings: fewer words fit in a line of a narrow terminal. */
const FINDING_LINES = 6;

/** Density of the same content, the most open first. */
interface Density {
  readonly hasChart: boolean;
  readonly hasGaps: boolean;
  readonly isCompact: boolean;
  /** Lines of each warning. */
  readonly warningLines: number;
}

const OPEN: Density = { hasChart: true, hasGaps: true, isCompact: false, warningLines: 2 };
const DENSITIES: readonly Density[] = [
  OPEN,
  { ...OPEN, hasChart: false },
  { ...OPEN, hasChart: false, isCompact: true },
  { hasChart: false, hasGaps: true, isCompact: true, warningLines: 1 },
  { hasChart: false, hasGaps: false, isCompact: true, warningLines: 1 },
];

/** One screen for deciding, if it fits: the lines needed last stand last. */
export function screenText(report: Report, surface: Surface): string {
  const most = Math.min(MOST_LINES, surface.height - 1);
  const drawn = DENSITIES.map((density) => () => linesOf(report, surface, density));
  let lines: string[] = [];
  for (const draw of drawn) {
    lines = draw();
    if (lines.length <= most) break;
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(report: Report, surface: Surface, density: Density): string[] {
  const { screen, meta } = report;
  const ink = new Chalk({ level: surface.color ? 1 : 0 });
  const page: Page = { report, screen, ink, width: surface.width, density };
  const isEmpty = screen.tables.length === 0;
  const findings = findingsText(page);
  const blocks = [
    isEmpty ? findings : runText(screen.run, surface.width).map((line) => ink.bold(line)),
    isEmpty ? runText(screen.run, surface.width) : tablesText(page),
    ...(isEmpty ? [] : [warningsText(page), findings]),
    [...endText(page, surface.program, meta.file)],
  ].filter((block) => block.length > 0);
  return blocks.flatMap((block, i) => (i > 0 && density.hasGaps ? ['', ...block] : block));
}

/** A line, or two of a long one. */
function runText(run: string, width: number): string[] {
  const [first, ...more] = wrapped(run, Math.min(width, WIDEST_TEXT), '  ').split('\n');
  return more.length === 0 ? [first!] : [first!, cutAt(more.length > 1 ? `${more[0]!}…` : more[0]!, width)];
}

interface Page {
  readonly report: Report;
  readonly screen: Screen;
  readonly ink: ChalkInstance;
  readonly width: number;
  readonly density: Density;
}

function tablesText({ screen, ink, width, density }: Page): string[] {
  const { tables, notes, chart } = screen;
  const drawn =
    density.hasChart && chart ? [ink.bold(chart.title), ...drawChart(chart, width, PLOT_LINES)] : [];
  return [
    ...drawn.map((line) => [...line].slice(0, width).join('').trimEnd()),
    ...(drawn.length > 0 && density.hasGaps ? [''] : []),
    ...tables.flatMap((table) =>
      fittedTable(onScreen(table, notes), { width, isCompact: density.isCompact }, ink).split('\n'),
    ),
    ...notes.map((note) => cutAt(note, width)),
  ];
}

/** The first ones, and the number of the others. */
function warningsText({ report, ink, width, density }: Page): string[] {
  const warnings = screenWarnings(report.caveats.warnings);
  const room = Math.min(width, WIDEST_TEXT);
  const shown = warnings.slice(0, MOST_WARNINGS).flatMap(({ text, hint }) => {
    const lines = wrapped(`! ${text} → ${hint}`, room, '  ').split('\n');
    return cutAfter(lines, density.warningLines, room).map((line) => ink.yellow(line));
  });
  const rest = warnings.length - MOST_WARNINGS;
  return rest > 0 ? [...shown, ink.yellow(`  and ${rest} more`)] : shown;
}

/** Whole sentences, as many as there is room for; the first is cut if it is longer. */
function findingsText({ report: { findings }, ink, width }: Page): string[] {
  const lines: string[] = [];
  for (const [i, finding] of findings.entries()) {
    const whole = wrapped(finding, Math.min(width, WIDEST_TEXT), '').split('\n');
    const own = i > 0 ? whole : cutAfter(whole, FINDING_LINES, Math.min(width, WIDEST_TEXT));
    if (i > 0 && lines.length + own.length > FINDING_LINES) continue;
    lines.push(...own.map((line) => ink.bold(line)));
  }
  return lines;
}

function endText({ screen, ink, width }: Page, program: string, file: string | null): string[] {
  const { scope, validity } = screen;
  const more = screen.more === null ? [] : [`More: ${screen.more.replace(/^commbench\b/, program)}`];
  return [
    ...(scope === null ? [] : wrapped(scope, Math.min(width, WIDEST_TEXT), '').split('\n')),
    ...(validity === null ? [] : wrapped(validity, Math.min(width, WIDEST_TEXT), '').split('\n')),
    ...(file === null ? [] : [`Result: ${file}`]),
    ...more.flatMap((line) => wrapped(line, width, '  ').split('\n')).map((line) => ink.dim(line)),
  ];
}

/** The first lines; that there were more is seen at the end of the last. */
function cutAfter(lines: readonly string[], most: number, width: number): string[] {
  if (lines.length <= most) return [...lines];
  const last = lines[most - 1]!;
  return [...lines.slice(0, most - 1), last.length + 2 <= width ? `${last} …` : cutAt(`${last} …`, width)];
}

/** A line of its own is cut, never broken. */
function cutAt(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width
    ? line
    : `${characters
        .slice(0, width - 1)
        .join('')
        .trimEnd()}…`;
}
