import { expect, test } from 'vitest';
import { CLAIMS } from '../../../src/commands/all-claims.ts';
import { scenarioNames } from '../../../src/scenario/load/catalogue.ts';

test('ids are unique, in the order of the numbers, and every number of the list is there', () => {
  const ids = CLAIMS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const numbers = ids.filter((id) => /^\d/.test(id)).map((id) => Number.parseInt(id, 10));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(numbers.at(-1)).toBeGreaterThanOrEqual(22);
  expect([...new Set(numbers)]).toEqual(Array.from({ length: new Set(numbers).size }, (_, i) => i + 1));
  const presets = ids.filter((id) => !/^\d/.test(id));
  expect(presets).toEqual(expect.arrayContaining(['breaker', 'consumer', 'retry']));
});

test('each is tested by a scenario that is shipped', async () => {
  const names = await scenarioNames();
  expect(CLAIMS.filter(({ scenario }) => scenario !== null && !names.includes(scenario))).toEqual([]);
});
