import type { Recovery } from '../../measure/hops/health.ts';
import type { Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import type { FaultMissed } from '../warnings/faults/fault-missed.ts';
import type { HealthUnknown } from '../warnings/faults/health-unknown.ts';
import type { CouplingUnknown } from '../patterns/found-coupling.ts';
import type { WordRating } from './words/word.ts';

/** Reason of an assessment: what was measured, or why it is inconclusive. */
export type ClaimReason = WhyInconclusive | WhySigns | WhyFaults | WhyRetries | WhyWork | WhyPatterns;

/** Ids of the comparison that a rule reads; an id is absent where its scenario has only one. */
export interface LineIds {
  readonly pattern?: string;
  readonly variant?: string;
  readonly case?: string;
}

type WhyInconclusive =
  | FaultMissed
  | HealthUnknown
  | Coded<'no-result'>
  | { readonly code: 'line-not-run'; readonly ids: LineIds }
  | OfLine<'line-failed' | 'no-control' | 'line-health-unknown'>
  | {
      readonly code: 'line-not-valid';
      readonly line: string;
      readonly verdict: Trial['validity']['verdict'];
      /** How late its calls began; null where that is not the reason. */
      readonly late: { readonly latestUs: number; readonly limitMs: number } | null;
    }
  | { readonly code: 'control-not-well'; readonly line: string; readonly correct: number }
  | { readonly code: 'pattern-not-run'; readonly pattern: string }
  | { readonly code: 'patterns-not-run'; readonly patterns: readonly string[] }
  | { readonly code: 'variant-not-run'; readonly variant: string };

/** Several comparisons that must agree. */
type WhySigns =
  | { readonly code: 'signs-agree' | 'signs-oppose'; readonly sign: Sign }
  | {
      readonly code: 'signs-differ';
      readonly of: number;
      readonly before: number;
      readonly after: number;
      readonly unclear: number;
    };

/** The statement that is compared. */
export type Sign = 'work-sooner' | 'wait-less' | 'closed-loop-highest' | 'answers-sooner' | 'grpc-sooner';

type OfLine<Code extends string> = Code extends string
  ? { readonly code: Code; readonly line: string }
  : never;

type WhyFaults =
  | OfLine<
      'dependents-spared' | 'caller-harmed' | 'harmless-before' | 'nothing-spread' | 'spread-only-without'
    >
  | Coded<
      | 'callers-suffer'
      | 'some-suffer'
      | 'nobody-else-harmed'
      | 'decoupled'
      | 'no-request-due'
      | 'never-opened'
      | 'not-acted'
      | 'opened-for-fault'
    >
  | { readonly code: 'spread-to-others'; readonly lines: readonly string[] }
  | { readonly code: 'let-through'; readonly times: number }
  | { readonly code: 'opened-falsely'; readonly opens: number }
  | { readonly code: 'others-harmed-too'; readonly names: readonly string[]; readonly line: string };

type WhyRetries =
  | { readonly code: 'little-lost'; readonly lost: number }
  | {
      readonly code: 'lost-instead';
      readonly left: number;
      readonly lost: number;
      readonly isPartly: boolean;
    }
  | { readonly code: 'recovery-unknown' }
  | { readonly code: 'stays-down-with-retries'; readonly recovery: Recovery }
  | { readonly code: 'created-twice'; readonly users: number }
  | Coded<'nothing-repeated' | 'none-twice'>;

type WhyWork =
  | { readonly code: 'accepted-and-lost'; readonly lost: number }
  /** Accepted and not yet done when the broker was killed. */
  | { readonly code: 'none-lost'; readonly open: number }
  | { readonly code: 'little-at-risk'; readonly open: number; readonly atLeast: number }
  | Coded<'nothing-poisoned' | 'burst-too-small'>
  | { readonly code: 'done-against'; readonly done: number; readonly of: number }
  | OfLine<'work-not-done'>
  | { readonly code: 'nothing-to-absorb' | 'absorbed'; readonly line: string; readonly lost: number }
  | { readonly code: 'speed-ups'; readonly times: readonly number[]; readonly isPartly: boolean };

type WhyPatterns =
  | { readonly code: 'words-wrong'; readonly words: readonly TitledWord[] }
  | { readonly code: 'words-inconclusive'; readonly titles: readonly string[] }
  | { readonly code: 'words-hold'; readonly held: number; readonly of: number }
  | { readonly code: 'couplings-wrong'; readonly found: readonly TitledVerdict[] }
  | { readonly code: 'couplings-inconclusive'; readonly inconclusiveTitles: readonly InconclusiveCoupling[] }
  | { readonly code: 'couplings-hold'; readonly isLoose: boolean }
  | { readonly code: 'contract-broken' | 'contract-unnoticed'; readonly names: readonly string[] }
  | { readonly code: 'contract-control-broken'; readonly name: string; readonly calls: number }
  | { readonly code: 'change-hinders-tight' | 'change-hinders-all'; readonly names: readonly string[] }
  | { readonly code: 'change-hinders-some'; readonly names: readonly string[] }
  | Coded<'contract-held' | 'change-noticed' | 'nothing-broke' | 'change-hinders-none'>;

interface TitledWord {
  readonly title: string;
  readonly rating: WordRating;
}

interface TitledVerdict {
  readonly title: string;
  readonly verdict: string;
}

interface InconclusiveCoupling {
  readonly title: string;
  readonly reason: CouplingUnknown;
}
