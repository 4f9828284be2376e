import type { BarSeries } from '../charts/chart.ts';
import type { Cell, Column, Section, SectionRow } from '../view.ts';
import { cut, type Markup, markup } from './markup.ts';
import { px } from './svg/scales.ts';

const LONGEST_CELL = 600;

/** A page has thousands of cells: short names, figures at the right by default, and no end tags, which HTML does not ask for. */
const TONES: Readonly<Record<Cell['tone'], string>> = { plain: '', good: 'g', bad: 'b', weak: 'w' };
const LEFT = markup` class="l"`;

/** A table of the report in HTML. @param titleId the heading that names it */
export function tableMarkup({ head = 'Pattern', columns, rows }: Section, titleId: string): Markup {
  return markup`<div class="scroll" role="group" aria-labelledby="${titleId}" tabindex="0"><table><thead><tr><th scope="col">${head}</th>${columns.map(
    ({ title, align }) => markup`<th scope="col"${align === 'left' && LEFT}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => rowMarkup(row, columns))}</tbody></table></div>`;
}

function rowMarkup({ title, cells }: SectionRow, columns: readonly Column[]): Markup {
  const head = title === '' ? markup`<td>` : markup`<th scope="row">${cut(title, LONGEST_CELL)}</th>`;
  return markup`<tr>${head}${columns.map((column, i) => cellMarkup(cells[i]!, column))}`;
}

function cellMarkup(cell: Cell, { align }: Column): Markup {
  const { text, value, unit, below, marks, tone, bars } = cell;
  const shown =
    unit === 'graph'
      ? bars
        ? sparkBars(bars, text)
        : markup`<code class="graph">${text}</code>`
      : markup`${cut(text, LONGEST_CELL)}`;
  const exact = value === null ? shown : markup`<data value="${value}">${shown}</data>`;
  const notes = marks.map((mark) => markup`<span class="mark">${mark}</span>`);
  const names = [align === 'left' ? 'l' : '', TONES[tone]].filter((name) => name !== '').join(' ');
  const named = names !== '' && markup` class="${names}"`;
  return markup`<td${named}>${exact}${notes}${below !== null && markup`<br><small>${below}</small>`}`;
}

const SPARK_HEIGHT = 28;
const BAR_WIDTH = 7;

/** As wide as its axis of characters below it. @param text the same in characters */
function sparkBars({ bars }: BarSeries, text: string): Markup {
  const highest = Math.max(1, ...bars.map(({ y }) => y ?? 0));
  const path = bars
    .flatMap(({ y }, i) => {
      if (y === null || y === 0) return [];
      const height = Math.max(1, (SPARK_HEIGHT * y) / highest);
      return `M${i * BAR_WIDTH},${SPARK_HEIGHT}v${px(-height)}h${BAR_WIDTH - 1}V${SPARK_HEIGHT}z`;
    })
    .join('');
  const width = bars.length * BAR_WIDTH;
  return markup`<svg class="spark" viewBox="0 0 ${width} ${SPARK_HEIGHT}" width="${bars.length}ch" height="${SPARK_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${text}"><path d="${path}" fill="#0072B2" class="c0 solid"/></svg>`;
}
