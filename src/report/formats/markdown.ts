import { drawChart } from '../charts/draw.ts';
import { type Report, sentencesIn } from '../report.ts';
import { pictureFiles } from '../page/picture-files.ts';
import type { NamedFile, ReportFormat, Surface } from '../reporter.ts';
import { explainHint } from '../text/explain-hint.ts';
import type { Cell, Facts, Section } from '../view.ts';

/** For pull requests and READMEs; in a folder with its pictures as files, to upload beside it. */
export const markdown: ReportFormat = { reporter: markdownText, files: withPictures };

function withPictures(report: Report, surface: Surface): NamedFile[] {
  const pictures = pictureFiles(report);
  const links = pictures.map(({ name, title }) => `![${inline(title)}](${name})`);
  const [title, headline, ...rest] = markdownText(report, surface).split('\n\n');
  return [{ name: 'report.md', text: [title, headline, ...links, ...rest].join('\n\n') }, ...pictures];
}

function markdownText(report: Report, surface: Surface): string {
  const { meta, caveats } = report;
  const block = meta.isBrief ? folded : headed;
  return (
    [
      `## ${escaped(meta.title)}`,
      ...sentencesIn(report).map((text, i) => (i === 0 ? `**${escaped(text)}**` : escaped(text))),
      ...report.tables.flatMap((one, i) => [
        section(meta.isBrief && i > 0 ? { ...one, isDetail: true } : one),
        ...drawings(report, one),
        ...(one.isExplained ? explained(report, surface) : []),
      ]),
      ...block(
        'Notes',
        caveats.footnotes.map((note) => `${note.mark} ${note.text}`),
      ),
      ...block(
        'Warnings',
        caveats.warnings.map((w) => `${w.text} → ${w.hint}`),
      ),
      ...block('What was run', fileAnd(report)),
      ...block('How to read this', meta.howToRead),
      ...(meta.fairness.length > 0
        ? [details('Test setup: common settings and differences', meta.fairness.map(facts).join('\n\n'))]
        : []),
      ...(meta.rules.length > 0 ? [details('Thresholds', list(meta.rules))] : []),
    ].join('\n\n') + '\n'
  );
}

function section({ title, columns, rows, head: first = 'Pattern', isDetail }: Section): string {
  const head = [first, ...columns.map((column) => column.title)].map(inline);
  const align = [':---', ...columns.map((column) => (column.align === 'right' ? '---:' : ':---'))];
  const body = rows.map((row) => [inline(row.title), ...row.cells.map(cell)]);
  const table = [head, align, ...body].map((fields) => `| ${fields.join(' | ')} |`).join('\n');
  return isDetail ? details(escaped(title), table) : `### ${escaped(title)}\n\n${table}`;
}

/** Columns of a page that are surely there. */
const DRAWN_WIDTH = 100;

function drawings({ charts }: Report, { id }: Section): string[] {
  const here = charts.filter(({ behind }) => behind === id);
  return here.map(
    (chart) => `**${escaped(chart.title)}**\n\n${fenced(drawChart(chart, DRAWN_WIDTH).join('\n'))}`,
  );
}

/** The fence is longer than any in the text, which cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function explained({ meta: { explanations, file } }: Report, { explain }: Surface): string[] {
  if (explanations.length === 0) return [];
  if (!explain) return [escaped(explainHint(file))];
  return explanations.map(({ title, rule, rows }) => {
    const each = rows.map(
      (row) => `**${escaped(row.title)}: ${escaped(row.verdict)}**\n\n${list(row.figures)}`,
    );
    return details(escaped(`${title}: rule and figures`), [escaped(rule), ...each].join('\n\n'));
  });
}

function cell({ text, unit, below, marks }: Cell): string {
  const main = unit === 'graph' ? `\`${text}\`` : inline(text) + marks.join(' ');
  return below === null ? main : `${main}<br><sub>${inline(below)}</sub>`;
}

function headed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}\n\n${list(lines)}`];
}

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [details(title, list(lines))];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escaped(line)}`).join('\n');
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function facts({ title, facts: all }: Facts): string {
  return `**${escaped(title)}**\n\n${list(all.map(([name, value]) => `${name}: ${value}`))}`;
}

function fileAnd({ meta: { about, file } }: Report): string[] {
  return [...about, ...(file === null ? [] : [`Result file: ${file}`])];
}

/** GitHub links and notifies by these, escaped or not; an empty comment in them ends that. */
const LINKING = /@(?=\w)|#(?=\d)|:(?=\/\/)|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/gi;

/** Text that may begin a block: neither a quotation nor a heading. */
function escaped(text: string): string {
  return inline(text).replace(/^\s*(?=[>#])/, '\\');
}

/** Escapes Markdown and HTML; line breaks would end a table's row. */
function inline(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, (marked) => `\\${marked}`)
    .replaceAll(LINKING, (mark) => `${mark}<!-- -->`);
}
