import type { PlacedChart } from '../../report/charts/chart.ts';
import { NAMES } from './answer.ts';
import { isShare, type VariedPattern } from './points.ts';
import type { VaryRecord } from './record.ts';

/** The deciding figure against the values; none where fewer than two were measured. */
export function valueCharts(
  { design: { path, values } }: VaryRecord,
  { pattern, kind, points }: VariedPattern,
): PlacedChart[] {
  const shown = points.filter(({ byRound }) => byRound.size > 0);
  if (shown.length < 2) return [];
  const all = shown.flatMap(({ byRound }) => [...byRound.values()]);
  const unit = isShare(kind) ? 'share' : 'us';
  return [
    {
      id: `values-${pattern.id}`,
      title: `${pattern.title}: ${NAMES[kind]}`,
      behind: 'values',
      x: {
        title: path,
        unit: 'count',
        scale: values[0]! > 0 ? 'log' : 'linear',
        from: values[0]!,
        to: values.at(-1)!,
      },
      y: { title: NAMES[kind], unit, scale: 'linear', from: Math.min(...all), to: Math.max(...all) },
      series: [
        {
          kind: 'points',
          title: pattern.title,
          points: shown.map(({ value, figure, byRound }) => {
            const own = [...byRound.values()];
            return { x: value, y: figure!, interval: [Math.min(...own), Math.max(...own)] as const };
          }),
          gaps: points.filter(({ byRound }) => byRound.size === 0).map(({ value }) => value),
        },
      ],
      spans: [],
    },
  ];
}
