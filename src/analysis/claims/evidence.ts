import type { Harm, Recovery } from '../../measure/hops/health.ts';
import type { ContractCounts } from '../../measure/figures/contract-change.ts';
import type { RatioInterval } from '../../measure/stats/ratio.ts';
import type { ServiceLedger } from '../faults/service-ledgers.ts';
import type { CouplingShares, FoundCoupling } from '../patterns/found-coupling.ts';
import type { ExcludedRound } from '../patterns/side-by-side.ts';
import type { WordRating } from './words/word.ts';

/** A figure that an assessment is based on. */
export type ClaimEvidence =
  | LineEvidence
  | SoonerEvidence
  | ClosedLoopEvidence
  | {
      readonly code: 'contract';
      /** `Message queue, field renamed`. */
      readonly name: string;
      readonly planned: number;
      readonly counts: ContractCounts;
      readonly caughtLate: number;
    }
  | {
      readonly code: 'coupling';
      readonly title: string;
      readonly coupling: FoundCoupling;
      readonly shares: CouplingShares | null;
    }
  | { readonly code: 'word'; readonly title: string; readonly rating: WordRating };

/** Evidence from one fault comparison, by its name. */
type LineEvidence = { readonly line: string } & (
  | { readonly code: 'harm'; readonly lost: number; readonly planned: number; readonly harm: HarmOfLine }
  | {
      readonly code: 'loose';
      readonly correct: number;
      readonly planned: number;
      readonly done: number;
      readonly lost: number;
    }
  | { readonly code: 'recovery'; readonly recovery: Recovery | null }
  | {
      readonly code: 'tries';
      /** Null: no service is waited for. */
      readonly leaf: TriesAtLeaf | null;
      readonly repeated: number;
    }
  | { readonly code: 'lost'; readonly lost: number; readonly planned: number }
  | { readonly code: 'duplicates'; readonly duplicates: number }
  | { readonly code: 'breaker-opens'; readonly detectedNs: number | null; readonly falseOpens: number }
  | {
      readonly code: 'finally-done';
      readonly done: number;
      readonly planned: number;
      readonly deadLettered: number;
      readonly struck: number;
    }
  | { readonly code: 'ledger'; readonly ledger: ServiceLedger }
  | { readonly code: 'burst-median'; readonly us: number | null }
);

/** Endpoints harmed against the control, by whether their requests reach the faulted part. */
export interface HarmOfLine {
  readonly dependent: Harm;
  readonly independent: Harm;
}

interface TriesAtLeaf {
  readonly service: string;
  readonly attempts: number;
  readonly expected: number;
  readonly rejected: number;
}

export interface SoonerEvidence {
  readonly code: 'sooner';
  readonly of: string;
  readonly to: string;
  readonly kind: 'response' | 'completion';
  /** Geometric means of the medians; null: no round in which both may be compared. */
  readonly means: { readonly us: number; readonly ofUs: number } | null;
  readonly interval: RatioInterval | null;
  readonly isUnequal: boolean;
  readonly excluded: readonly ExcludedRound[];
}

export interface ClosedLoopEvidence {
  readonly code: 'closed-loop';
  readonly of: string;
  readonly to: string;
  readonly rounds: number;
  readonly needed: number;
  /** The lowest of the rounds, and the interval of their ratios; null: too few rounds. */
  readonly least: { readonly perS: number; readonly ofPerS: number; readonly interval: RatioInterval } | null;
}
