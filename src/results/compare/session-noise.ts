import type { BetweenSessions } from '../../measure/unpaired.ts';

/**
 * How far the medians of identical runs lie apart on another day, or an hour later: what results are widened by that
 * were not interleaved, where their own folder does not tell it.
 */
export const SESSION_NOISE: BetweenSessions & { readonly source: string } = {
  deviation: 0.14,
  degrees: 9,
  source: 'p50 of identical runs on two shared cores varied by 14 % (docs/DESIGN.md, section 7)',
};
