import type { Assessed } from './assess.ts';
import type { Claim } from './claim.ts';

/** All of it for programs; `verdict` is null where nothing was looked at. */
export function claimsRecordOf(assessed: readonly Assessed[]) {
  return {
    format: 'commbench-claims',
    version: 1,
    claims: assessed.map((one) => {
      const known = 'assessment' in one ? one : undefined;
      return {
        ...factsOf(one.claim),
        verdict: known?.assessment.verdict ?? null,
        why: known?.assessment.why ?? null,
        figures: known?.assessment.figures ?? [],
        file: known?.file ?? null,
      };
    }),
  };
}

/** The claims alone. */
export function rulesOf(claims: readonly Claim[]) {
  return { format: 'commbench-claims', version: 1, claims: claims.map(factsOf) };
}

function factsOf(claim: Claim) {
  const { id, statement, guides, scenario } = claim;
  return {
    id,
    statement,
    guides,
    scenario,
    ...(scenario === null ? { takes: claim.takes } : { takesAll: claim.takesAll ?? false, rule: claim.rule }),
  };
}
