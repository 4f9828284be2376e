import type { RatioInterval } from '../../../measure/stats/ratio.ts';
import type { ComplexityCategory } from '../../../kernel/complexity.ts';
import type { Coupling } from '../../../measure/figures/figures.ts';
import type { Coded } from '../../coded.ts';
import type { CaveatCount } from '../../patterns/caveat.ts';
import type { CouplingShares, CouplingUnknown } from '../../patterns/found-coupling.ts';
import type { ExcludedRound, SameRound } from '../../patterns/side-by-side.ts';
import type { Variability, VariabilityUnknown } from '../../patterns/variability.ts';
import type { ClaimVerdict } from '../verdict.ts';

/** Columns of the guides' table whose words are claims. */
export type Aspect = 'latency' | 'complexity' | 'coupling';

/** A word of the guides about one pattern, and what was measured in its place. */
export interface WordRating {
  readonly claimed: string;
  /** The most important first, each with its alternatives; empty where nothing could be told. */
  readonly measured: readonly (readonly string[])[];
  /** Null: the pattern with which the others are compared. */
  readonly verdict: ClaimVerdict | null;
  /** What decided; null where nothing did. */
  readonly figure: WordFigure | null;
  /** Of `inconclusive`: why. */
  readonly reason: WordReason | null;
  readonly caveat: WordCaveat | null;
  readonly evidence: readonly WordEvidence[];
}

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
  /** One of the two answers when the work is done, and the other one does not answer. */
  | {
      readonly code: 'other-reply-path';
      readonly reference: string;
      readonly referenceWaitsFor: 'reply' | 'confirm';
    }
  | Coded<'accepted-is-served'>;

/** What went into a judgement. */
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

/** Of one trial in which service or broker was away. */
export interface OutageEvidence {
  readonly code: 'outage-counts';
  readonly who: 'service' | 'broker';
  readonly how: 'kill' | 'freeze';
  readonly downMs: number;
  /** Null: no call was intended meanwhile. */
  readonly coupling: Coupling | null;
  readonly served: 'served' | 'accepted';
  readonly caveat: CaveatCount | null;
}

export function wordRating(
  claimed: string,
  more: Partial<WordRating> & Pick<WordRating, 'verdict'>,
): WordRating {
  return { claimed, measured: [], figure: null, reason: null, caveat: null, evidence: [], ...more };
}
