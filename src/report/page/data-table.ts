import type { Chart, ChartAxis, ChartSeries } from '../charts/chart.ts';
import { type Markup, markup } from './markup.ts';
import { axisText } from './svg/scales.ts';

/** The figures of a chart as a table: what the drawing shows, for who cannot see it. A group of rows for each series. */
export function dataTable(chart: Chart): Markup {
  const heads = headsOf(chart);
  const groups = chart.series.map((series) => {
    const rows = rowsOf(series, chart).map(
      // Without end tags, which HTML does not ask for: a page has thousands of these cells.
      (cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}`)}`,
    );
    return markup`<tbody><tr><th scope="rowgroup" colspan="${heads.length}">${nameOf(series)}</th></tr>${rows}</tbody>`;
  });
  return markup`<table class="data"><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>${groups}</table>`;
}

function nameOf(series: ChartSeries): string {
  const part = 'part' in series ? series.part : '';
  return part === undefined || part === '' ? series.title : `${series.title}, ${part}`;
}

function headsOf({ series: [first], x, y }: Chart): string[] {
  switch (first?.kind) {
    case 'points':
      return [x.title, y?.title ?? '', 'range', 'remark'];
    case 'bars':
      return [`${x.title}, from`, y?.title ?? '', ...(first.control ? ['control'] : [])];
    case 'marks':
      return ['figure', x.title, 'range', 'remark'];
    case 'states':
      return ['state', 'from', 'to', 'why'];
    default:
      return ['part', 'to', 'figures'];
  }
}

type Row = readonly (Markup | string)[];

function rowsOf(series: ChartSeries, { x, y }: Chart): Row[] {
  switch (series.kind) {
    case 'points':
      return series.points.map((point) => [
        figure(point.x, x),
        figure(point.y, y!),
        rangeOf(point.interval, y!),
        [point.isSaturated && 'saturated', point.isHollow && 'not valid'].filter(Boolean).join(', '),
      ]);
    case 'bars':
      return series.bars.map(({ from, y: value }, i) => [
        axisText(from, x),
        value === null ? 'nothing' : axisText(value, y!),
        ...(series.control ? [axisText(series.control[i]?.y ?? 0, y!)] : []),
      ]);
    case 'marks':
      return series.marks.map((mark) => [
        mark.title,
        figure(mark.x, x),
        rangeOf(mark.interval, x),
        mark.isHollow ? 'not valid' : '',
      ]);
    case 'states':
      return series.stays.map(({ state, from, to, cause, counts }) => [
        state,
        figure(from, x),
        Number.isFinite(to) ? figure(to, x) : 'the end',
        [cause, ...Object.entries(counts).flatMap(([name, n]) => (n > 0 ? `${n} ${name}` : []))].join(', '),
      ]);
    case 'graph':
      return [
        ...series.nodes.map(({ id, lines, state }) => [
          id,
          '',
          [...lines, state === 'plain' ? '' : state].filter(Boolean).join(', '),
        ]),
        ...series.links.map(({ from, to, lines }) => [from, to, lines.join(', ')]),
      ];
  }
}

type Scale = Pick<ChartAxis, 'unit' | 'scale'>;

/** With the exact value for programs. */
function figure(value: number, axis: Scale): Markup {
  return markup`<data value="${value}">${axisText(value, axis)}</data>`;
}

function rangeOf(interval: readonly [number, number] | undefined, axis: Scale): Markup | string {
  return interval ? markup`${figure(interval[0], axis)} to ${figure(interval[1], axis)}` : '';
}
