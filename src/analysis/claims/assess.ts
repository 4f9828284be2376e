import type { Result } from '../../record/record.ts';
import { analysisOf } from '../analysis.ts';
import { type RatedProperty, type ClaimAssessment, lacking, type TestedClaim } from './claim.ts';

/** A result, and where it came from. */
export interface ClaimSource {
  readonly file: string;
  readonly result: Result;
}

/** A claim with what was found, or that nothing can be. */
export type Assessed =
  | { readonly claim: RatedProperty & { readonly scenario: null } }
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
export function assess(claims: readonly RatedProperty[], sources: readonly ClaimSource[]): Assessed[] {
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

/** Only for a result that some claim asks for. */
function once<Of>(make: () => Of): () => Of {
  let made: Of | undefined;
  return () => (made ??= make());
}
