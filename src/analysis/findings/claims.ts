import type { Assessed } from '../claims/assess.ts';
import type { GuideClaim } from '../claims/claim.ts';
import type { Finding } from '../finding.ts';

/** Each claim with its verdict. */
export function claimFindings(assessed: readonly Assessed[]): Finding[] {
  return assessed.map((one) => {
    const finding = ruleFinding(one.claim);
    if (!('assessment' in one)) return { ...finding, verdict: 'not-testable' };
    const { assessment, file } = one;
    const reason = { ...finding.terms, reason: assessment.why.code };
    return {
      ...finding,
      verdict: assessment.verdict,
      terms: file === null ? reason : { ...reason, file },
      caveats: assessment.isLacking ? [{ code: 'not-run' }] : [],
    };
  });
}

/** The claims alone: by which scenario each is tested. */
export function ruleFindings(claims: readonly GuideClaim[]): Finding[] {
  return claims.map(ruleFinding);
}

function ruleFinding({ id, scenario }: GuideClaim): Finding {
  return {
    code: 'claim',
    subject: [{ kind: 'claim', id }],
    figures: [],
    ...(scenario === null ? {} : { terms: { scenario } }),
    caveats: [],
  };
}
