import type { Chart } from './chart.ts';
import { drawBarChart } from './draw-bars.ts';
import { drawPoints } from './draw-points.ts';
import { drawStates } from './draw-states.ts';

/**
 * A chart in lines of text, for as many columns.
 * @param height lines of the plot itself, of a chart that has any height
 */
export function drawChart(chart: Chart, width: number, height?: number): string[] {
  switch (chart.series[0]?.kind) {
    case 'states':
      return drawStates(chart, width);
    case 'points':
      return drawPoints(chart, width, height);
    case 'bars':
      return drawBarChart(chart);
    // Pictures for formats that draw.
    case 'marks':
    case 'graph':
    case undefined:
      return [];
  }
}
