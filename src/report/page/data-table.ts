import type { Chart, ChartAxis, ChartSeries } from '../charts/chart.ts';
import { type Markup, markup } from './markup.ts';
import { valueText } from './svg/scales.ts';

/** The figures of a chart as a table: what the drawing shows, for who cannot see it. */
export function dataTable(chart: Chart): Markup {
  const rows = chart.series.flatMap((series) => rowsOf(series, chart));
  const heads = headsOf(chart);
  return markup`<table class="data"><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}

type Row = readonly [name: string, ...cells: (Markup | string)[]];

function headsOf({ series: [first], x, y }: Chart): string[] {
  switch (first?.kind) {
    case 'points':
      return ['Series', x.title, y?.title ?? '', 'range', 'remark'];
    case 'bars':
      return ['Series', `${x.title}: from`, 'to', y?.title ?? '', ...(first.control ? ['control'] : [])];
    case 'marks':
      return ['Series', 'of', 'figure', x.title, 'range', 'remark'];
    case 'states':
      return ['Series', 'state', 'from', 'to', 'why'];
    default:
      return ['Part', 'to', 'figures'];
  }
}

function rowsOf(series: ChartSeries, { x, y }: Chart): Row[] {
  const { title } = series;
  switch (series.kind) {
    case 'points':
      return series.points.map((point) => [
        title,
        figure(point.x, x),
        figure(point.y, y!),
        rangeOf(point.interval, y!),
        [point.isSaturated && 'saturated', point.isHollow && 'not valid'].filter(Boolean).join(', '),
      ]);
    case 'bars': {
      const name = [title, series.part].filter(Boolean).join(', ');
      return series.bars.map(({ from, to, y: value }, i) => [
        name,
        figure(from, x),
        figure(to, x),
        value === null ? 'nothing' : figure(value, y!),
        ...(series.control ? [figure(series.control[i]?.y ?? null, y!)] : []),
      ]);
    }
    case 'marks':
      return series.marks.map((mark) => [
        title,
        series.part,
        mark.title,
        figure(mark.x, x),
        rangeOf(mark.interval, x),
        mark.isHollow ? 'not valid' : '',
      ]);
    case 'states':
      return series.stays.map(({ state, from, to, cause, counts }) => [
        title,
        state,
        figure(from, x),
        Number.isFinite(to) ? figure(to, x) : 'the end',
        [cause, ...Object.entries(counts).flatMap(([name, n]) => (n > 0 ? `${n} ${name}` : []))].join(', '),
      ]);
    case 'graph':
      return [
        ...series.nodes.map(({ id, lines, state }): Row => [
          id,
          '',
          [...lines, state === 'plain' ? '' : state].filter(Boolean).join(', '),
        ]),
        ...series.links.map(({ from, to, lines }): Row => [from, to, lines.join(', ')]),
      ];
  }
}

type Scale = Pick<ChartAxis, 'unit' | 'scale'>;

/** With the exact value for programs. */
function figure(value: number | null, axis: Scale): Markup | string {
  return value === null ? '' : markup`<data value="${value}">${valueText(value, axis)}</data>`;
}

function rangeOf(interval: readonly [number, number] | undefined, axis: Scale): Markup | string {
  return interval ? markup`${figure(interval[0], axis)} to ${figure(interval[1], axis)}` : '';
}
