import { expect, test } from 'vitest';
import { commbenchInside } from '../../support/cli-inside.ts';

test('that the faults of a scenario are left out is said before anything is measured', async () => {
  const arms = ['--a', 'variant=none', '--b', 'variant=breaker'];
  const out = ['--out', 'package.json/ab.json'];
  const { stderr } = await commbenchInside(['ab', 'circuit-breaker', ...arms, ...out]);
  expect(stderr).toMatch(/^! Compared are trials without faults/);
  const { stderr: plain } = await commbenchInside(['ab', 'rest-vs-queue', ...out]);
  expect(plain).not.toContain('without faults');
});
