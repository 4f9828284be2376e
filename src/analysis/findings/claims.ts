import type { Assessed } from '../claims/assess.ts';
import type { Claim } from '../claims/claim.ts';
import type { Finding } from '../finding.ts';

/** Each claim with its verdict. */
export function claimFindings(assessed: readonly Assessed[]): Finding[] {
  return assessed.map((one) => {
    const finding = ruleFinding(one.claim);
    if (!('judgement' in one)) return { ...finding, verdict: 'not-testable' };
    const { judgement, file } = one;
    const reason = { ...finding.terms, reason: judgement.why.code };
    return {
      ...finding,
      verdict: judgement.verdict,
      terms: file === null ? reason : { ...reason, file },
      caveats: judgement.isLacking ? [{ code: 'not-run' }] : [],
    };
  });
}

/** The claims alone: by which scenario each is tested. */
export function ruleFindings(claims: readonly Claim[]): Finding[] {
  return claims.map(ruleFinding);
}

function ruleFinding({ id, scenario }: Claim): Finding {
  return {
    code: 'claim',
    subject: [{ kind: 'claim', id }],
    figures: [],
    ...(scenario === null ? {} : { terms: { scenario } }),
    caveats: [],
  };
}
