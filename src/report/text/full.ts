import { Chalk, type ChalkInstance } from 'chalk';
import { drawChart } from '../charts/draw.ts';
import { type Report, sentencesIn } from '../report.ts';
import type { Surface } from '../reporter.ts';
import type { Facts, Section } from '../view.ts';
import { explainHint } from './explain-hint.ts';
import { sectionText } from './table-text.ts';
import { wrapped } from './wrap.ts';

const MAX_TEXT_WIDTH = 120;

type Wrap = (line: string, indent?: string) => string;

/** The whole report for a terminal: tables where they fit, blocks where they do not. */
export function fullText(report: Report, surface: Surface): string {
  const { meta, caveats } = report;
  const ink = new Chalk({ level: surface.color ? 1 : 0 });
  const text = (line: string, indent = '') => wrapped(line, Math.min(surface.width, MAX_TEXT_WIDTH), indent);
  const bullets = (lines: readonly string[]) => lines.map((line) => text(`· ${line}`, '  ')).join('\n');
  const isShown = ({ isDetail }: Section) => surface.explain || !isDetail;
  const [headline = '', ...others] = sentencesIn(report);
  const parts = [
    ink.bold(text(headline)),
    ...others.map((line) => text(line)),
    ...report.tables
      .filter(isShown)
      .flatMap((section) => [
        `${ink.bold(text(section.title))}\n${sectionText(section, surface, ink)}`,
        ...chartsText(report, section, surface, ink),
        ...(section.isExplained ? explanationsText(report, surface, ink) : []),
      ]),
    ...(caveats.footnotes.length > 0
      ? [caveats.footnotes.map((n) => text(`${n.mark} ${n.text}`, '  ')).join('\n')]
      : []),
    ...warningsText(report, text, ink),
    ...titled('What was run', bullets(meta.about), ink),
    ...titled('How to read this', bullets(meta.howToRead), ink),
    ...titled(
      'Test setup: common settings and differences',
      meta.fairness.map((f) => factsText(f, text)).join('\n'),
      ink,
    ),
    ...titled('Thresholds', bullets(meta.rules), ink),
    ...(meta.file === null ? [] : [`Result file: ${meta.file}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Without anything to say, no title. */
function titled(title: string, body: string, ink: ChalkInstance): string[] {
  return body === '' ? [] : [`${ink.bold(title)}\n${ink.dim(body)}`];
}

function warningsText({ caveats: { warnings } }: Report, text: Wrap, ink: ChalkInstance): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(
    ({ text: what, hint }) => `${ink.yellow(text(`! ${what}`, '  '))}\n${text(`  → ${hint}`, '    ')}`,
  );
  return [`${ink.bold('Warnings')}\n${lines.join('\n')}`];
}

function factsText({ title, facts }: Facts, text: Wrap): string {
  return text(`· ${title}: ${facts.map(([name, value]) => `${name}: ${value}`).join('; ')}`, '  ');
}

/** A line that is too long is cut: broken, it would no longer stand under its scale. */
function chartsText({ charts }: Report, { id }: Section, { width }: Surface, ink: ChalkInstance): string[] {
  const here = charts.filter(({ behind }) => behind === id);
  return here.map((chart) => {
    const cut = drawChart(chart, width).map((line) => [...line].slice(0, width).join('').trimEnd());
    return [ink.bold(wrapped(chart.title, width, '')), ...cut].join('\n');
  });
}

/** Behind the table of the verdicts; without --explain only that there is more. */
function explanationsText({ tables, meta }: Report, surface: Surface, ink: ChalkInstance): string[] {
  const { explanations, file } = meta;
  const text = (line: string, indent: string) =>
    wrapped(line, Math.min(surface.width, MAX_TEXT_WIDTH), indent);
  if (explanations.length === 0) return [];
  const details = tables.filter(({ isDetail }) => isDetail).map(({ title }) => lowered(title));
  if (!surface.explain) return [ink.dim(text(explainHint(file, details), ''))];
  return explanations.map(({ title, rule, rows }) => {
    const lines = rows.flatMap((row) => [
      text(`· ${row.title}: ${row.verdict}`, '  '),
      ...row.figures.map((figure) => text(`    ${figure}`, '      ')),
    ]);
    return [ink.bold(`${title}: rule and figures`), ink.dim(text(rule, '')), ...lines].join('\n');
  });
}

/** Without what is bracketed, in the midst of a sentence. */
function lowered(title: string): string {
  return (title.charAt(0).toLowerCase() + title.slice(1)).replace(/ \(.*\)$/, '');
}
