import type { Result } from '../../record/record.ts';
import { analysisOf } from '../analysis.ts';
import { type Claim, type Judgement, lacking, type TestedClaim } from './claim.ts';

/** A result, and where it came from. */
export interface Source {
  readonly file: string;
  readonly result: Result;
}

/** A claim with what was found, or that nothing can be. */
export type Assessed =
  | { readonly claim: Claim & { readonly scenario: null } }
  | {
      readonly claim: TestedClaim;
      readonly judgement: Judgement;
      /** What it was judged by; null: there is no result of its scenario. */
      readonly file: string | null;
    };

/**
 * Each claim by the newest result of its scenario; where that lacks what the rule looks at (a variant was not run), by the
 * next older one that has it. Nothing else of an older result counts: what the newest can't tell, it can't.
 */
export function assess(claims: readonly Claim[], sources: readonly Source[]): Assessed[] {
  const newestFirst = sources
    .toSorted((a, b) => Date.parse(b.result.startedAt) - Date.parse(a.result.startedAt))
    .map(({ file, result }) => ({ file, result, analysis: once(() => analysisOf(result)) }));
  return claims.map((claim) => {
    if (claim.scenario === null) return { claim };
    const own = newestFirst.filter(({ result }) => result.scenario.name === claim.scenario);
    const judged = own.map(({ file, analysis }) => ({ file, judgement: claim.judge(analysis()) }));
    const chosen = judged.find(({ judgement }) => !judgement.isLacking) ?? judged[0];
    return { claim, ...(chosen ?? { judgement: lacking({ code: 'no-result' }), file: null }) };
  });
}

/** Only for a result that some claim asks for. */
function once<Of>(make: () => Of): () => Of {
  let made: Of | undefined;
  return () => (made ??= make());
}
