import type { Result } from '../../record/record.ts';

/** The guides whose statements are tested: A best practices, B step by step, C patterns, D advanced patterns. */
export type Guide = 'A' | 'B' | 'C' | 'D';

export type ClaimVerdict = 'supported' | 'contradicted' | 'inconclusive';

/** What results say of a claim, and all that led to it. */
export interface ClaimAssessment {
  readonly verdict: ClaimVerdict;
  /** One sentence, without its full stop. */
  readonly why: string;
  /** Every figure that went into it, a line each. */
  readonly figures: readonly string[];
  /** Of `inconclusive`: a trial that it takes is not in this result. Another one of the scenario may have it. */
  readonly isLacking?: true;
}

interface Statement {
  /** Its number in docs/claims.md and, where it says several things, a letter: `9a`; of a preset, its name. */
  readonly id: string;
  /** In our own words, without a full stop. */
  readonly statement: string;
  readonly guides: readonly Guide[];
}

export interface TestedClaim extends Statement {
  /** Name of the scenario whose result tells. */
  readonly scenario: string;
  /** It takes a variant that runs only with `--all`. */
  readonly takesAll?: true;
  /** Which rows, variants or cases it looks at, and when it is supported: one sentence, without its full stop. */
  readonly rule: string;
  /** Pure. @param result of that scenario */
  readonly assess: (result: Result) => ClaimAssessment;
}

/** Nothing that there is can test it. */
export interface UntestedClaim extends Statement {
  readonly scenario: null;
  /** What a test of it would take. */
  readonly takes: string;
}

export type Claim = TestedClaim | UntestedClaim;

export function supported(why: string, figures: readonly string[]): ClaimAssessment {
  return { verdict: 'supported', why, figures };
}

export function contradicted(why: string, figures: readonly string[]): ClaimAssessment {
  return { verdict: 'contradicted', why, figures };
}

export function inconclusive(why: string, figures: readonly string[] = []): ClaimAssessment {
  return { verdict: 'inconclusive', why, figures };
}

/** What it takes was not run, or failed. */
export function lacking(why: string): ClaimAssessment {
  return { ...inconclusive(why), isLacking: true };
}

/** How to get the result that tells: `commbench run circuit-breaker --all`. */
export function commandOf({ scenario, takesAll }: TestedClaim): string {
  return `commbench run ${scenario}${takesAll ? ' --all' : ''}`;
}
