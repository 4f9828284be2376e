import type { Analysis } from '../../analysis/analysis.ts';
import { FIRST_SCREEN, type PlacedChart } from '../charts/chart.ts';
import { faultPictures } from './faults.ts';
import { outagePicture } from './outages.ts';
import { overviewPicture } from './overview.ts';
import { percentilePictures } from './percentiles.ts';
import { waterfallPictures } from './waterfalls.ts';

/** Charts of a run that only a page can draw. */
export function runPictures({ result, patterns, base, perVariant, faults }: Analysis): PlacedChart[] {
  const named = perVariant.map((pattern) => ({ name: pattern.name, pattern }));
  const isFirst = faults.length === 0;
  return [
    ...(isFirst ? [overviewPicture(base, FIRST_SCREEN)] : []),
    ...(perVariant.length > base.length ? [overviewPicture(perVariant, 'variants')] : []),
    ...faultPictures(faults, result.scenario),
    outagePicture(result, patterns, 'serviceOutage', isFirst ? FIRST_SCREEN : 'service-outage'),
    outagePicture(result, patterns, 'brokerOutage', 'broker-outage'),
    ...percentilePictures(named, 'distribution'),
    ...waterfallPictures(perVariant),
  ].filter((picture) => picture !== undefined);
}
