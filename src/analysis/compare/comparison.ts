import type { LoadShape } from '../../kernel/load-shape.ts';
import type { Result } from '../../record/record.ts';
import type { Finding } from '../finding.ts';
import type { NoMedian } from '../patterns/side-by-side.ts';

/** The comparison of two results (DESIGN 7). Its unit is the run, not the request. */

/** A result with its name for the reader: its file. */
export interface NamedResult {
  readonly file: string;
  readonly result: Result;
}

export const VERDICTS = ['improved', 'equivalent', 'regressed', 'inconclusive', 'not-comparable'] as const;
export type ComparisonVerdict = (typeof VERDICTS)[number];

/** The first of these that any pattern has is the verdict of the whole. */
export const WORST_FIRST: readonly ComparisonVerdict[] = [
  'not-comparable',
  'regressed',
  'inconclusive',
  'improved',
  'equivalent',
];

/** A ratio, candidate over baseline, with its interval; all of them above 0. */
interface ComparedInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Confidence level, e.g. 0.95; at an interim analysis, the share of the error rate spent on it. */
  readonly level: number;
}

/** A difference of shares, candidate − baseline: 0.05 = 5 points. */
interface SharesInterval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** The one figure by which a pattern is compared. */
export type PrimaryGate = TimeGate | ShareGate;

export interface TimeGate extends GateOf<ComparedInterval> {
  readonly figure: 'response p50' | 'completion p50';
}

const SHARE_FIGURES = ['correct from the fault on', 'done in time from the fault on'] as const;

/** Of trials with faults: the share of calls that succeed, from the first fault to the end of the load. */
export interface ShareGate extends GateOf<SharesInterval> {
  readonly figure: (typeof SHARE_FIGURES)[number];
}

interface GateOf<Interval> {
  readonly verdict: Exclude<ComparisonVerdict, 'not-comparable'>;
  /** Null where there are too few rounds for an interval. */
  readonly interval: Interval | null;
  /** Rounds of either side that were used; complete pairs where they are paired. */
  readonly used: { readonly baseline: number; readonly candidate: number };
  /** Measured rounds that were not used. */
  readonly excluded: readonly ExcludedPair[];
  /** Estimate of the further pairs that an answer needs; null where it is answered, or unknown. */
  readonly morePairs: number | null;
  /**
   * The smallest true change that these rounds would have found with 80 % probability: a ratio above 1, or a difference
   * of shares; null: unknown.
   */
  readonly detectable: number | null;
}

/** Whether the gate is one of shares: its interval is a difference. */
export function isShareGate(gate: PrimaryGate): gate is ShareGate {
  return SHARE_FIGURES.some((figure) => figure === gate.figure);
}

/** A round that was not used; for runs that were not interleaved, one side of it. */
export interface ExcludedPair {
  readonly round: number;
  /** Null where there is only one. */
  readonly file: string | null;
  /** The side whose median may not be used; null: both. */
  readonly side: ComparedSide | null;
  readonly why: NoPair;
}

export type ComparedSide = 'baseline' | 'candidate';

/** Reason why a pair has no value. */
export type NoPair =
  | NoMedian
  | { readonly code: 'few-blocks'; readonly usable: number; readonly needed: number }
  /** Other programs struck one trial alone: shares of all cores that they took. */
  | { readonly code: 'one-sided'; readonly baseline: number; readonly candidate: number };

/** A property that may not get worse at all. */
export interface Invariant {
  readonly name: 'lost' | 'duplicates' | 'failures';
  readonly isBroken: boolean;
  readonly baseline: { readonly count: number; readonly of: number };
  readonly candidate: { readonly count: number; readonly of: number };
  readonly rule: InvariantRule;
}

/** The rule that was applied, with its figures. */
export type InvariantRule =
  /** Any number is within the promised delivery. */
  | { readonly code: 'any-allowed'; readonly delivery: string }
  | { readonly code: 'none-allowed'; readonly delivery: string }
  /** The baseline broke it too, and no less often by an exact test. */
  | { readonly code: 'not-more'; readonly delivery: string; readonly brokenBelow: number }
  | { readonly code: 'exact-test'; readonly p: number; readonly brokenBelow: number };

export type DescribedFigure =
  | `response-${'p50' | 'p90' | 'p99'}`
  | `completion-${'p50' | 'p99'}`
  | 'first-item-p50'
  | 'answered-ok'
  | 'closed-loop'
  | `cpu-${'caller' | 'service' | 'broker'}`
  | `memory-${'service' | 'caller'}`
  | 'bytes-per-call'
  /** Of trials with faults. */
  | 'success-in-fault'
  | 'goodput-in-fault'
  | 'recovery'
  | 'not-recovered'
  | 'amplification'
  | 'wasted-work';

/** A figure that is shown and never assessed. */
export interface Described {
  readonly figure: DescribedFigure;
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly unit: 'ms' | 'us' | 'bytes' | 'share' | 'perS' | 'count' | 'factor';
  /** Mean of candidate − baseline over pairs, with Student's interval, in the figure's unit; absent: not of pairs. */
  readonly difference?: MeanDifference | null;
}

export interface MeanDifference {
  readonly pairs: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

export interface PatternComparison {
  readonly pattern: string;
  readonly title: string;
  /** Null = the scenario without a variant. */
  readonly variant: string | null;
  /** An operation or flow of its target by itself; absent: the whole mix. */
  readonly operation?: string;
  readonly verdict: ComparisonVerdict;
  readonly gate: PrimaryGate | null;
  readonly invariants: readonly Invariant[];
  readonly described: readonly Described[];
  /** What the faults did; empty where the trials had none. */
  readonly faulted: readonly Described[];
}

/** A property in which the two sides differ. */
export interface Difference {
  /** Name of the property: `rate`, `node`, `client of rest`, `guarantee of queue`, ... */
  readonly what: string;
  /** Each value that the side has; empty: none. */
  readonly baseline: readonly DifferenceValue[];
  readonly candidate: readonly DifferenceValue[];
}

export type DifferenceValue = string | LoadShape;

/** What keeps a pattern from being compared on a side: no verdict speaks for it. */
export type UnmeasuredPattern =
  | { readonly code: 'only-in'; readonly side: ComparedSide }
  | { readonly code: 'pattern-not-run'; readonly side: ComparedSide; readonly reason: string | null }
  | { readonly code: 'no-trial'; readonly side: ComparedSide }
  | {
      readonly code: 'trials-failed';
      readonly side: ComparedSide;
      readonly failed: number;
      readonly of: number;
      readonly reason: string | null;
    };

/** A note for the reader of the comparison. */
export type ComparisonNote =
  /** Intervals are wider by the noise between sessions. */
  | { readonly code: 'not-interleaved'; readonly deviation?: number }
  | ({ readonly name: string } &
      /** Declared as `pattern NAME`: it is meant, and fails no gate. */
      (
        | (UnmeasuredPattern & { readonly isDeclared: boolean })
        /** Compared by the end of a whole stream, most of which is planned. */
        | { readonly code: 'stream-end' }
        | { readonly code: 'acceptance-only' }
        | { readonly code: 'saturated' | 'failing'; readonly side: ComparedSide; readonly rounds: number }
      ));

interface ComparedFiles {
  readonly files: readonly string[];
  readonly title: string;
  /** All brokers of these results. */
  readonly brokers: readonly { readonly name: string; readonly version: string }[];
}

export interface Comparison {
  readonly format: 'commbench-comparison';
  readonly version: 1;
  readonly verdict: ComparisonVerdict;
  /** paired: made by one `ab`, round by round. unpaired: widened by the noise between sessions. */
  readonly how: 'paired' | 'switchback' | 'unpaired';
  /** Equivalence margin as a share: 0.05 = ± 5 %. */
  readonly margin: number;
  readonly baseline: ComparedFiles;
  readonly candidate: ComparedFiles;
  /** Intended differences. */
  readonly factors: readonly Difference[];
  /** Unintended differences; they make the results incomparable unless they were declared. */
  readonly confounders: readonly (Difference & { readonly isDeclared: boolean })[];
  readonly patterns: readonly PatternComparison[];
  readonly notes: readonly ComparisonNote[];
  /** The trials of both sides by which they are compared. */
  readonly validity: Finding;
}
