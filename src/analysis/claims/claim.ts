import type { Analysis } from '../analysis.ts';
import type { ClaimEvidence } from './evidence.ts';
import type { ClaimReason } from './reason.ts';
import type { ClaimVerdict } from './verdict.ts';

/** The guides whose statements are tested: A best practices, B step by step, C patterns, D advanced patterns. */
export type Guide = 'A' | 'B' | 'C' | 'D';

/** What results say of a claim, and all that led to it. */
export interface ClaimAssessment {
  readonly verdict: ClaimVerdict;
  readonly why: ClaimReason;
  readonly evidence: readonly ClaimEvidence[];
  /** Of `inconclusive`: a trial that it takes is not in this result. Another one of the scenario may have it. */
  readonly isLacking?: true;
}

interface Statement {
  /** Its number in docs/claims.md and, where it says several things, a letter: `9a`; of a preset, its name. */
  readonly id: string;
  readonly guides: readonly Guide[];
}

export interface TestedClaim extends Statement {
  /** Name of the scenario whose result tells. */
  readonly scenario: string;
  /** It takes a variant that runs only with `--all`. */
  readonly takesAll?: true;
  /** Pure. @param analysis of a result of that scenario */
  readonly assess: (analysis: Analysis) => ClaimAssessment;
}

/** Nothing that there is can test it. */
export interface UntestedClaim extends Statement {
  readonly scenario: null;
}

export type RatedProperty = TestedClaim | UntestedClaim;

export function supported(why: ClaimReason, evidence: readonly ClaimEvidence[]): ClaimAssessment {
  return { verdict: 'supported', why, evidence };
}

export function contradicted(why: ClaimReason, evidence: readonly ClaimEvidence[]): ClaimAssessment {
  return { verdict: 'contradicted', why, evidence };
}

export function inconclusive(why: ClaimReason, evidence: readonly ClaimEvidence[] = []): ClaimAssessment {
  return { verdict: 'inconclusive', why, evidence };
}

/** What it takes was not run, or failed. */
export function lacking(why: ClaimReason): ClaimAssessment {
  return { ...inconclusive(why), isLacking: true };
}
