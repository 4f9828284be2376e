import { FIRST_SCREEN } from '../charts/chart.ts';
import type { Report } from '../report.ts';
import type { NamedFile } from '../reporter.ts';
import { drawSvg } from './svg/draw.ts';
import { createPalette } from './svg/styles.ts';

interface PictureFile extends NamedFile {
  readonly title: string;
}

/** The charts of a page's first screen, each as an SVG file that needs no styles, on white. */
export function pictureFiles({ pictures = [], charts, screen }: Report): PictureFile[] {
  const palette = createPalette();
  const first = [...pictures, ...charts].filter(({ behind }) => behind === FIRST_SCREEN);
  const all = [...first, ...(screen.chart ? [screen.chart] : [])];
  const alone = all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
  return alone.flatMap((chart) => {
    const svg = drawSvg(chart, palette, chart.id)?.html;
    const onWhite = svg?.replace('</desc>', '</desc><rect width="100%" height="100%" fill="#fff"/>');
    return onWhite === undefined
      ? []
      : [{ name: `${chart.id}.svg`, title: chart.title, text: `${onWhite}\n` }];
  });
}
