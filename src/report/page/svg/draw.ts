import type { Chart } from '../../charts/chart.ts';
import { type Markup, markup } from '../markup.ts';
import { drawLanes } from './bars.ts';
import { drawCurves } from './curves.ts';
import { type Drawing, WIDTH } from './frame.ts';
import { drawGraph } from './graph.ts';
import { drawMarks } from './marks.ts';
import { px } from './scales.ts';
import { drawStays } from './states.ts';
import { type Palette, WEAK } from './styles.ts';

/** Narrow ones first: names must fit. */
const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

/**
 * A chart as SVG, by presentation attributes alone: it is readable without styles. Undefined where there is nothing to
 * draw.
 * @param id unique in the page
 */
export function drawSvg(chart: Chart, palette: Palette, id: string): Markup | undefined {
  const drawing = drawingOf(chart, palette, id);
  if (!drawing) return undefined;
  const { height, body, x, y } = drawing;
  const ends = markup`${x && markup` data-x="${x.ends}"`}${y && markup` data-y="${y.ends}"`}`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" width="${WIDTH}" height="${px(height)}" role="img" aria-labelledby="${id}-t ${id}-d" font-family="${FONT}" font-size="12" fill="${WEAK}" data-chart="${chart.id}" data-units="${chart.x.unit} ${chart.y?.unit ?? ''}"${ends}><title id="${id}-t">${chart.title}</title><desc id="${id}-d">${descOf(chart)}</desc>${body}</svg>`;
}

function drawingOf(chart: Chart, palette: Palette, id: string): Drawing | undefined {
  const [first] = chart.series;
  switch (first?.kind) {
    case 'points':
      return chart.y ? drawCurves(chart, chart.y, palette) : undefined;
    case 'bars':
      return chart.y ? drawLanes(chart, chart.y, palette) : undefined;
    case 'marks':
      return drawMarks(chart, palette);
    case 'states':
      return drawStays(chart, id);
    case 'graph':
      return drawGraph(first);
    case undefined:
      return undefined;
  }
}

function descOf({ series, x, y }: Chart): string {
  const names = [...new Set(series.map(({ title }) => title))].join(', ');
  const axes = y ? `${y.title} by ${x.title}` : x.title;
  return `${axes} of ${names}. The figures are in the table behind it.`;
}
