import type { GuideClaim } from '../../../src/analysis/claims/claim.ts';
import { commandOf } from '../../../src/report/claims/command-of.ts';
import { betweenMarks } from './between-marks.ts';

const HEAD = ['| claim | statement | guides | run | supported or contradicted by |', '|---|---|---|---|---|'];

/** docs/claims.md with its table. */
export function withClaims(page: string, claims: readonly GuideClaim[]): string {
  return betweenMarks(page, 'src/analysis/claims/rules', [...HEAD, ...claims.map(rowOf)].join('\n'));
}

function rowOf(claim: GuideClaim): string {
  const { id, statement, guides, scenario, rule } = claim;
  const facts = scenario === null ? ['not tested yet', `needs ${rule}`] : [`\`${commandOf(claim)}\``, rule];
  return `| ${[id, statement, guides.join(', '), ...facts].join(' | ')} |`;
}
