import type { Chart } from '../charts/chart.ts';
import { dataTable } from './data-table.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { drawSvg } from './svg/draw.ts';
import { createPalette } from './svg/styles.ts';

/** Draws the charts of one page: a name has one style in all of them. */
export interface Drafting {
  figureOf(chart: Chart): Markup;
}

/** @param hasData with the table behind each chart */
export function createDrafting(hasData: boolean): Drafting {
  const palette = createPalette();
  let count = 0;
  let explained: string | undefined;
  return {
    figureOf(chart) {
      const id = `chart-${(count += 1)}`;
      const drawn = drawSvg(chart, palette, id);
      if (!drawn) return NOTHING;
      const data =
        hasData &&
        markup`<details><summary>Figures<span class="unseen"> of ${chart.title}</span></summary><div class="scroll" role="group" aria-label="Figures" tabindex="0">${dataTable(chart)}</div></details>`;
      const about = chart.about === explained ? undefined : chart.about;
      explained = chart.about;
      return markup`<figure><figcaption><strong>${chart.title}</strong></figcaption><div class="scroll drawing" role="group" aria-label="${chart.title}" tabindex="0">${drawn}</div>${
        about !== undefined && markup`<p class="about">${about}</p>`
      }${data}</figure>`;
    },
  };
}
