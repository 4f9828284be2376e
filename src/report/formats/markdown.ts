import type { Cell, Facts, Section, View } from '../view.ts';
import { explainHint } from './explain-hint.ts';
import type { Reporter, Surface } from './reporter.ts';

/** For pull requests and READMEs. */
export const markdown: Reporter = (view, _result, surface) => {
  const block = view.isBrief ? folded : headed;
  return (
    [
      `## ${escaped(view.title)}`,
      view.findings.map((text, i) => (i === 0 ? `**${escaped(text)}**` : escaped(text))).join('\n\n'),
      ...view.sections.flatMap((one, i) => [
        section(view.isBrief && i > 0 ? { ...one, isDetail: true } : one),
        ...drawings(view, one),
        ...(one.isExplained ? explained(view, surface) : []),
      ]),
      ...block(
        'Notes',
        view.footnotes.map((note) => `${note.mark} ${note.text}`),
      ),
      ...block(
        'Warnings',
        view.warnings.map((w) => `${w.text} → ${w.cure}`),
      ),
      ...block('What was run', fileAnd(view)),
      ...block('How to read this', view.howToRead),
      ...(view.fairness.length > 0
        ? [details('Same for every row, and what differs', view.fairness.map(facts).join('\n\n'))]
        : []),
      ...(view.thresholds.length > 0 ? [details('Thresholds', list(view.thresholds))] : []),
    ].join('\n\n') + '\n'
  );
};

function section({ title, columns, rows, head: first = 'Pattern', isDetail }: Section): string {
  const head = [first, ...columns.map((column) => column.title)];
  const align = [':---', ...columns.map((column) => (column.align === 'right' ? '---:' : ':---'))];
  const body = rows.map((row) => [escaped(row.title), ...row.cells.map(cell)]);
  const table = [head, align, ...body].map((fields) => `| ${fields.join(' | ')} |`).join('\n');
  return isDetail ? details(escaped(title), table) : `### ${escaped(title)}\n\n${table}`;
}

/** Columns of a page that are surely there. */
const DRAWN_WIDTH = 100;

function drawings(view: View, { id }: Section): string[] {
  const here = (view.drawings ?? []).filter(({ behind }) => behind === id);
  return here.map(
    ({ title, lines }) => `**${escaped(title)}**\n\n\`\`\`text\n${lines(DRAWN_WIDTH).join('\n')}\n\`\`\``,
  );
}

function explained({ explanations, file }: View, { explain }: Surface): string[] {
  if (explanations.length === 0) return [];
  if (!explain) return [escaped(explainHint(file))];
  return explanations.map(({ title, rule, rows }) => {
    const each = rows.map(
      (row) => `**${escaped(row.title)}: ${escaped(row.verdict)}**\n\n${list(row.figures)}`,
    );
    return details(`${title}: how it was judged`, [escaped(rule), ...each].join('\n\n'));
  });
}

function cell({ text, unit, below, marks }: Cell): string {
  const main = unit === 'graph' ? `\`${text}\`` : escaped(text) + marks.join(' ');
  return below === null ? main : `${main}<br><sub>${escaped(below)}</sub>`;
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

function fileAnd(view: View): string[] {
  return [...view.about, ...(view.file === null ? [] : [`Result file: ${view.file}`])];
}

/** What Markdown or HTML would take for its own; line breaks would end a table's row. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|]/g, (c) => `\\${c}`)
    .replaceAll(/\r?\n/g, ' ');
}
