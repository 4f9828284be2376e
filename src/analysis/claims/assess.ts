import type { Result } from '../../record/record.ts';
import { analysisOf } from '../analysis.ts';
import { type GuideClaim, type ClaimAssessment, lacking, type TestedClaim } from './claim.ts';

/** A result with its file. */
export interface ClaimSource {
  readonly file: string;
  readonly result: Result;
}

/** A claim with its assessment, or one that cannot be assessed. */
export type Assessed =
  | { readonly claim: GuideClaim & { readonly scenario: null } }
  | {
      readonly claim: TestedClaim;
      readonly assessment: ClaimAssessment;
      /** File of the result it was assessed by; null: no result of its scenario. */
      readonly file: string | null;
    };

/**
 * Assesses each claim by the newest result of its scenario. If that result lacks a trial that the rule needs (a variant
 * was not run), the next older one that has it is taken. Otherwise older results do not count: inconclusive in the
 * newest is inconclusive.
 */
export function assess(claims: readonly GuideClaim[], sources: readonly ClaimSource[]): Assessed[] {
  const newestFirst = sources
    .toSorted((a, b) => Date.parse(b.result.startedAt) - Date.parse(a.result.startedAt))
    .map(({ file, result }) => ({ file, result, analysis: once(() => analysisOf(result)) }));
  return claims.map((claim) => {
    if (claim.scenario === null) return { claim };
    const own = newestFirst.filter(({ result }) => result.scenario.name === claim.scenario);
    const assessed = own.map(({ file, analysis }) => ({ file, assessment: claim.assess(analysis()) }));
    const chosen = assessed.find(({ assessment }) => !assessment.isLacking) ?? assessed[0];
    return { claim, ...(chosen ?? { assessment: lacking({ code: 'no-result' }), file: null }) };
  });
}

/** Lazy: only a result that some claim needs is analysed. */
function once<Of>(make: () => Of): () => Of {
  let made: Of | undefined;
  return () => (made ??= make());
}
