import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { ChartStay, PlacedChart, StateSeries } from '../charts/chart.ts';
import { plural, quantileName } from '../format.ts';
import {
  STAGE_TITLES,
  WATERFALL_QUANTILES,
  waterfallLines,
  type WaterfallLine,
} from '../tables/waterfall.ts';

/** The stages of the requests near each percentile, one after the other. */
export function waterfallPictures(patterns: readonly PatternResult[]): PlacedChart[] {
  const lines = patterns.flatMap(waterfallLines);
  return WATERFALL_QUANTILES.flatMap((quantile): PlacedChart[] => {
    const near = lines.filter((line) => line.quantile === quantile);
    if (near.length === 0) return [];
    const name = quantileName(quantile);
    return [
      {
        id: `waterfall-${name}`,
        title: `Where the time goes near ${name}`,
        about: 'Means of the requests near this percentile; they add up to their whole time.',
        behind: 'waterfall',
        x: {
          title: 'time from when the call was due',
          unit: 'ns',
          scale: 'linear',
          from: 0,
          to: Math.max(...near.map((line) => line.near.wholeNs)),
        },
        y: null,
        series: near.map(laneOf),
        spans: [],
      },
    ];
  });
}

function laneOf({ pattern: { name }, near: { stages, requests } }: WaterfallLine): StateSeries {
  let toNs = 0;
  const stays = stages.map(({ stage, meanNs }): ChartStay => {
    const from = toNs;
    toNs += meanNs;
    return {
      state: STAGE_TITLES[stage],
      from,
      to: toNs,
      cause: `mean of ${plural(requests, 'request')}`,
      counts: {},
    };
  });
  return { kind: 'states', title: name, initial: '', stays };
}
