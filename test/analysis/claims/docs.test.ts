import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLAIMS } from '../../../src/analysis/claims/claims.ts';
import { commandOf, claimWords } from '../../../src/report/claims/statements.ts';

const TEXT = readFileSync(new URL('../../../docs/claims.md', import.meta.url), 'utf8');

test.each(CLAIMS)('docs/claims.md says of $id what the code does', (claim) => {
  const { id, guides } = claim;
  const { statement, rule } = claimWords(claim);
  const facts =
    claim.scenario === null ? ['not tested yet', `needs ${rule}`] : [`\`${commandOf(claim)}\``, rule];
  expect(TEXT).toContain(`| ${[id, statement, guides.join(', '), ...facts].join(' | ')} |`);
});

test('and of no other', () => {
  expect(TEXT.match(/^\| (?!claim |-).*\|$/gm)).toHaveLength(CLAIMS.length);
});
