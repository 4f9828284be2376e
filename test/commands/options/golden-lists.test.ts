import { expect, test, vi } from 'vitest';
import { scenarioTemplate } from '../../../src/scenario/schema/template.ts';
import { commbenchInside } from '../../support/cli-inside.ts';

vi.mock(import('../../../src/platform/definitions.ts'), async (importReal) => {
  const { fixedListing } = await import('./fixed-listing.ts');
  return fixedListing(await importReal());
});
vi.mock(import('../../../src/report/reporters.ts'), async (importReal) => {
  const { FORMATS } = await import('./fixed-listing.ts');
  return { ...(await importReal()), formatNames: () => FORMATS };
});

test('the program says what there is', async () => {
  const { code, stdout, stderr } = await commbenchInside(['--help']);
  await expect(stdout).toMatchFileSnapshot('../../golden/help.txt');
  expect([code, stderr]).toEqual([0, '']);
});

test('the help of run is complete', async () => {
  const { stdout } = await commbenchInside(['run', '--help']);
  await expect(stdout).toMatchFileSnapshot('../../golden/help-run.txt');
});

test('the help of crossover is complete', async () => {
  const { stdout } = await commbenchInside(['crossover', '--help']);
  await expect(stdout).toMatchFileSnapshot('../../golden/help-crossover.txt');
});

test('what faults and policies there are is explained with units and defaults', async () => {
  const list = async (what: string) => (await commbenchInside(['list', what], { COLUMNS: '100' })).stdout;
  await expect(await list('faults')).toMatchFileSnapshot('../../golden/list-faults.txt');
  await expect(await list('policies')).toMatchFileSnapshot('../../golden/list-policies.txt');
});

test('every field of the template is described', async () => {
  const text = scenarioTemplate('mine');
  await expect(text).toMatchFileSnapshot('../../golden/init.yaml');
});
