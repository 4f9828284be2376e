import type { Analysis } from '../analysis.ts';
import type { ClaimEvidence } from './evidence.ts';
import type { ClaimReason } from './reason.ts';
import type { ClaimVerdict } from './verdict.ts';

/** The guides under test: A best practices, B step by step, C patterns, D advanced patterns. */
type Guide = 'A' | 'B' | 'C' | 'D';

/** The assessment of a claim by results, with its evidence. */
export interface ClaimAssessment {
  readonly verdict: ClaimVerdict;
  readonly why: ClaimReason;
  readonly evidence: readonly ClaimEvidence[];
  /** For `inconclusive`: a needed trial is not in this result. Another result of the scenario may have it. */
  readonly isLacking?: true;
}

interface Statement {
  /** Its number in docs/claims.md, with a letter where it makes several statements: `9a`. For a preset, its name. */
  readonly id: string;
  readonly guides: readonly Guide[];
  /** In our own words, without a full stop. */
  readonly statement: string;
  /**
   * Of a claim that can be tested: which rows, variants or cases are read, and when it is supported. Of another one:
   * what a test would take. One sentence, without its full stop.
   */
  readonly rule: string;
}

export interface TestedClaim extends Statement {
  /** Name of the scenario that tests it. */
  readonly scenario: string;
  /** It needs a variant that runs only with `--all`. */
  readonly takesAll?: true;
  /** Where it is supported, the patterns' build alone makes it so: it counts in no score. */
  readonly isByConstruction?: true;
  /** Pure. @param analysis of a result of that scenario */
  readonly assess: (analysis: Analysis) => ClaimAssessment;
}

/** A claim that nothing in this tool can test. */
export interface UntestedClaim extends Statement {
  readonly scenario: null;
}

export type GuideClaim = TestedClaim | UntestedClaim;

export function supported(why: ClaimReason, evidence: readonly ClaimEvidence[]): ClaimAssessment {
  return { verdict: 'supported', why, evidence };
}

export function contradicted(why: ClaimReason, evidence: readonly ClaimEvidence[]): ClaimAssessment {
  return { verdict: 'contradicted', why, evidence };
}

export function inconclusive(why: ClaimReason, evidence: readonly ClaimEvidence[] = []): ClaimAssessment {
  return { verdict: 'inconclusive', why, evidence };
}

/** A trial that the claim needs was not run, or failed. */
export function lacking(why: ClaimReason): ClaimAssessment {
  return { ...inconclusive(why), isLacking: true };
}
