import type { TestedClaim } from '../../analysis/claims/claim.ts';

/** Command that makes the result: `commbench run circuit-breaker --all`. */
export function commandOf({ scenario, takesAll }: TestedClaim): string {
  return `commbench run ${scenario}${takesAll ? ' --all' : ''}`;
}
