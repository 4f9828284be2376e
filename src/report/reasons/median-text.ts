import type { ExcludedRound, NoMedian } from '../../analysis/patterns/side-by-side.ts';
import { type Templates, worded } from '../template.ts';

/** Why a median may not be compared. */
export const MEDIAN_TEXTS: Templates<NoMedian> = {
  'not-valid': ({ verdict }) => `it is ${verdict}`,
  marked: () => 'its median is marked',
  unsent: () => 'some arrivals were not sent',
  'no-effect-log': () => 'a target has no effect log',
  'not-measured': () => 'nothing was measured',
  'too-few-calls': () => 'too few calls for a median',
  'few-in-block': ({ atLeast }) => `fewer than ${atLeast} calls`,
  saturated: () => 'it is saturated',
  failing: () => 'it is failing',
  'trial-missing': () => 'its trial is missing',
  'trial-failed': () => 'its trial failed',
  drifting: () => 'it is drifting',
};

export const medianText = worded(MEDIAN_TEXTS);

/** `round 3: REST: it is saturated`. */
export function excludedText({ round, name, why }: ExcludedRound): string {
  return `round ${round}: ${name}: ${medianText(why)}`;
}
