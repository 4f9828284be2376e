import type { Result } from '../../record/record.ts';
import { type Claim, commandOf, type ClaimAssessment, lacking, type TestedClaim } from './claim.ts';

/** A result, and where it came from. */
export interface ClaimSource {
  readonly file: string;
  readonly result: Result;
}

/** A claim with what was found, or that nothing can be. */
export type Assessed =
  | { readonly claim: Claim & { readonly scenario: null } }
  | {
      readonly claim: TestedClaim;
      readonly assessment: ClaimAssessment;
      /** What it was judged by; null: there is no result of its scenario. */
      readonly file: string | null;
    };

/**
 * Each claim by the newest result of its scenario; where that lacks what the rule looks at (a variant was not run), by the
 * next older one that has it. Nothing else of an older result counts: what the newest can't tell, it can't.
 */
export function assess(claims: readonly Claim[], sources: readonly ClaimSource[]): Assessed[] {
  const newestFirst = sources.toSorted(
    (a, b) => Date.parse(b.result.startedAt) - Date.parse(a.result.startedAt),
  );
  return claims.map((claim) => {
    if (claim.scenario === null) return { claim };
    const own = newestFirst.filter(({ result }) => result.scenario.name === claim.scenario);
    const assessed = own.map(({ file, result }) => ({ file, assessment: claim.assess(result) }));
    const chosen = assessed.find(({ assessment }) => !assessment.isLacking) ?? assessed[0];
    if (!chosen) return { claim, assessment: lacking(`not run: ${commandOf(claim)}`), file: null };
    const { file, assessment } = chosen;
    return {
      claim,
      assessment: assessment.isLacking
        ? { ...assessment, why: `${assessment.why}: ${commandOf(claim)}` }
        : assessment,
      file,
    };
  });
}
