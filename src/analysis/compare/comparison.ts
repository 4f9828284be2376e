import type { Result } from '../../record/record.ts';

/** What comparing two results says (DESIGN 7). The unit is the run, not the request. */

/** A result and what its reader calls it: the file it stands in. */
export interface NamedResult {
  readonly file: string;
  readonly result: Result;
}

export const VERDICTS = ['improved', 'equivalent', 'regressed', 'inconclusive', 'not-comparable'] as const;
export type ComparisonVerdict = (typeof VERDICTS)[number];

/** The first of these that a row has is that of the whole, and is told first. */
export const WORST_FIRST: readonly ComparisonVerdict[] = [
  'not-comparable',
  'regressed',
  'inconclusive',
  'improved',
  'equivalent',
];

/** A ratio, candidate over baseline, with its interval; all of them above 0. */
export interface ComparedInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Of the interval, e.g. 0.95; at planned looks what the spending leaves to this one. */
  readonly level: number;
}

/** The one figure of a row by which it is judged. */
export interface PrimaryGate {
  readonly figure: 'response p50' | 'completion p50';
  readonly verdict: Exclude<ComparisonVerdict, 'not-comparable'>;
  /** Null where too few rounds allow no interval. */
  readonly interval: ComparedInterval | null;
  /** Rounds of either side that were used; of pairs, complete ones. */
  readonly used: { readonly baseline: number; readonly candidate: number };
  /** Rounds that are there and were not used, with the reason in words (e.g. `round 3: generator-bound`). */
  readonly excluded: readonly string[];
  /** About how many more pairs an answer would take; null where it is answered, or nobody can say. */
  readonly morePairs: number | null;
  /** The smallest true change that these rounds would have found with 80 % probability, as a ratio above 1; null: unknown. */
  readonly detectable: number | null;
}

/** What may not get worse at all. */
export interface Invariant {
  readonly name: 'lost' | 'duplicates' | 'failures';
  readonly isBroken: boolean;
  readonly baseline: { readonly count: number; readonly of: number };
  readonly candidate: { readonly count: number; readonly of: number };
  /** In words: the rule that was applied, with its figures. */
  readonly detail: string;
}

/** Shown, never judged. */
export interface Described {
  readonly figure: string;
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly unit: 'ms' | 'us' | 'bytes' | 'share' | 'perS' | 'count';
}

export interface PatternComparison {
  readonly pattern: string;
  readonly title: string;
  /** Null = as the scenario says. */
  readonly variant: string | null;
  readonly verdict: ComparisonVerdict;
  readonly gate: PrimaryGate | null;
  readonly invariants: readonly Invariant[];
  readonly described: readonly Described[];
}

/** Something in which the two sides differ. */
export interface Difference {
  /** `rate`, `node`, `client of rest`, `guarantee of queue`, ... */
  readonly what: string;
  readonly baseline: string;
  readonly candidate: string;
}

export interface Comparison {
  readonly format: 'commbench-comparison';
  readonly version: 1;
  readonly verdict: ComparisonVerdict;
  /** paired: made by one `ab`, round by round. unpaired: widened by the noise between sessions. */
  readonly how: 'paired' | 'switchback' | 'unpaired';
  /** Equivalence margin as a share: 0.05 = ± 5 %. */
  readonly margin: number;
  readonly baseline: { readonly files: readonly string[]; readonly title: string };
  readonly candidate: { readonly files: readonly string[]; readonly title: string };
  /** What was meant to differ. */
  readonly factors: readonly Difference[];
  /** What should not have differed: they make it not comparable, unless they were declared. */
  readonly confounders: readonly (Difference & { readonly isDeclared: boolean })[];
  readonly patterns: readonly PatternComparison[];
  /** Sentences that a reader must know. */
  readonly notes: readonly string[];
}
