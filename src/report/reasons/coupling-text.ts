import type { CouplingShares, CouplingUnknown } from '../../analysis/patterns/found-coupling.ts';
import { formatShare } from '../format.ts';
import { type Templates, worded } from '../template.ts';

/** Why the coupling of a pattern is not known. */
export const COUPLING_TEXTS: Templates<CouplingUnknown> = {
  'pattern-not-run': () => 'it was not run',
  'target-never-away': () => 'a target is never killed',
  'outage-failed': () => 'its trial failed',
  'nothing-taken-away': () => 'nothing was killed',
  'outage-not-valid': ({ verdict }) => `its trial is ${verdict}`,
  'outage-not-seen': () => 'the fault was not observed',
  'no-call-in-outage': () => 'no call was due while it was down',
  'trials-differ': () => 'its trials differ',
};

export const couplingText = worded(COUPLING_TEXTS);

/** `0.0 % served, 98.2 % done`. */
export function sharesText({ served, done, as }: CouplingShares): string {
  return `${formatShare(served)} ${as}, ${formatShare(done)} done`;
}
