import { expect, test } from 'vitest';
import { hasFallback } from '../../../src/measure/hops/fallbacks.ts';
import type { Hops } from '../../../src/measure/hops/hop-figures.ts';
import type { Trial } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { shopTrial, TELLINGS } from '../../support/faults.ts';
import { latencyTrial, ledgerOf, REST, resultOf } from '../../support/result.ts';

const hopsOf = (of: keyof typeof TELLINGS): Hops => shopTrial(1, TELLINGS[of], 'fault').hops!;
const trialWith = (hops: Hops | null, more: Partial<Trial> = {}) =>
  latencyTrial(1, 'rest', 1, { hops, ledgers: [ledgerOf(600, { lost: 20 })], ...more });
const viewWith = (hops: Hops | null) => viewOf(resultOf([REST], [trialWith(hops)]));

test('the policies of a topology are shown by hop where nothing fails', () => {
  const hops = hopsOf('fallback');
  const table = viewWith(hops).tables.find(({ id }) => id === 'edges')!;
  const cellOf = (id: string) => table.rows[0]!.cells[table.columns.findIndex((one) => one.id === id)]!.value;
  const sum = (of: (phase: Hops['edges'][number]['phases'][number]) => number) =>
    hops.edges[0]!.phases.reduce((n, phase) => n + of(phase), 0);
  expect(cellOf('calls')).toBe(sum(({ calls }) => calls));
  expect(cellOf('attempts')).toBe(sum(({ attempts }) => attempts));
  expect(cellOf('fallbacks')).toBe(sum(({ fallbacks }) => fallbacks));
  expect(cellOf('fallbacks')).toBeGreaterThan(0);
  expect(viewWith(null).tables.map(({ id }) => id)).not.toContain('edges');
});

test('work that a fallback stood in for was not lost', () => {
  const lostText = (hops: Hops | null) =>
    viewWith(hops).caveats.warnings.find(({ code }) => code === 'lost')!.text;
  expect(lostText(hopsOf('fallback'))).toContain('a fallback answered');
  expect(lostText(hopsOf('breaker'))).toContain('lost 20 accepted calls');
  expect(hasFallback([null, hopsOf('breaker')])).toBe(false);
  expect(hasFallback([null, hopsOf('fallback')])).toBe(true);
});
