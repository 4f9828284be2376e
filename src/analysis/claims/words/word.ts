import type { RatioInterval } from '../../../measure/stats/ratio.ts';
import type { ComplexityCategory } from '../../../kernel/complexity.ts';
import type { Coupling } from '../../../measure/figures/figures.ts';
import type { Coded } from '../../coded.ts';
import type { CaveatCount } from '../../patterns/caveat.ts';
import type { CouplingShares, CouplingUnknown } from '../../patterns/found-coupling.ts';
import type { ExcludedRound, SameRound } from '../../patterns/side-by-side.ts';
import type { Variability, VariabilityUnknown } from '../../patterns/variability.ts';
import type { ClaimVerdict } from '../verdict.ts';

/** Columns of the guides' table whose entries are claims. */
export type Aspect = 'latency' | 'complexity' | 'coupling';

/** An entry of the guides' table for one pattern, and its measured counterpart. */
export interface WordRating {
  readonly claimed: string;
  /** The most important first, each with its alternatives; empty where it is inconclusive. */
  readonly measured: readonly (readonly string[])[];
  /** Null: the pattern that the others are compared with. */
  readonly verdict: ClaimVerdict | null;
  /** The figure that decided; null where none did. */
  readonly figure: WordFigure | null;
  /** Reason of `inconclusive`. */
  readonly reason: WordReason | null;
  readonly caveat: WordCaveat | null;
  readonly evidence: readonly WordEvidence[];
  readonly basis: WordBasis;
}

/**
 * What a rating rests on; only measured ones count in a score. construction: supported because of how the pattern is
 * built, not of how it came out: a service without replica, retry or fallback is tight, and a confirm by a broker that
 * stays up is served. hand-count: a list written by hand.
 */
type WordBasis = 'measured' | 'construction' | 'hand-count';

export type WordFigure =
  | { readonly code: 'ratio'; readonly interval: RatioInterval }
  | { readonly code: 'points'; readonly points: number }
  | { readonly code: 'shares'; readonly shares: CouplingShares };

export type WordReason =
  | VariabilityUnknown
  | CouplingUnknown
  | {
      readonly code: 'too-few-rounds';
      readonly atLeast: number;
      readonly rounds: number;
      readonly excluded: ExcludedRound | null;
    }
  | {
      readonly code: 'across-levels';
      readonly interval: RatioInterval;
      readonly boundaries: readonly number[];
    }
  | Coded<'no-reference' | 'not-counted' | 'target-not-counted'>;

export type WordCaveat =
  /** One of the two patterns replies when the work is done, the other does not reply. */
  | {
      readonly code: 'other-reply-path';
      readonly reference: string;
      readonly referenceWaitsFor: 'reply' | 'confirm';
    }
  | Coded<'accepted-is-served'>;

/** A figure that the rating is based on. */
export type WordEvidence =
  | {
      readonly code: 'median-ratios';
      readonly of: string;
      readonly reference: string;
      readonly rounds: readonly SameRound[];
    }
  | { readonly code: 'excluded-rounds'; readonly excluded: readonly ExcludedRound[] }
  | { readonly code: 'ratio-interval'; readonly interval: RatioInterval }
  | { readonly code: 'idle-and-busy'; readonly variability: Variability }
  | {
      readonly code: 'complexity-items';
      readonly category: ComplexityCategory;
      readonly points: number;
      readonly items: readonly string[];
    }
  | { readonly code: 'adapter-lines'; readonly lines: number }
  | OutageEvidence;

/** Evidence of one trial in which the service or the broker was down. */
export interface OutageEvidence {
  readonly code: 'outage-counts';
  readonly who: 'service' | 'broker';
  readonly how: 'kill' | 'freeze';
  readonly downMs: number;
  /** Null: no call was intended during the outage. */
  readonly coupling: Coupling | null;
  readonly served: 'served' | 'accepted';
  readonly caveat: CaveatCount | null;
}

export function wordRating(
  claimed: string,
  more: Partial<WordRating> & Pick<WordRating, 'verdict'>,
): WordRating {
  const none = { measured: [], figure: null, reason: null, caveat: null, evidence: [] };
  return { claimed, ...none, basis: 'measured', ...more };
}
