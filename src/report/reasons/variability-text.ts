import type { ExcludedBlock, VariabilityUnknown } from '../../analysis/patterns/variability.ts';
import { formatRatio } from '../format.ts';
import { type Templates, worded } from '../template.ts';
import { medianText } from './median-text.ts';

/** Why nobody can say whether a latency is variable. */
export const VARIABILITY_TEXTS: Templates<VariabilityUnknown> = {
  'no-idle-trial': () => 'no trial of idle and busy',
  'too-few-pairs': ({ excluded }) =>
    `fewer than 2 pairs of blocks${excluded ? `: ${blockText(excluded)}` : ''}`,
  'across-variable': ({ times }) => `the interval of busy against idle reaches across ${times}×`,
  'not-busy-enough': ({ share, busyShare }) =>
    `not variable up to ${formatRatio(share)} the rate of its closed loop, and not tried at ${busyShare}×`,
};

export const variabilityText = worded(VARIABILITY_TEXTS);

function blockText({ kind, number, why }: ExcludedBlock): string {
  return `${kind} block ${number}: ${medianText(why)}`;
}
