import { expect, test } from 'vitest';
import { scenarioNames } from '../../../src/scenario/load/catalogue.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const KILL = { do: 'kill', on: 'service', atMs: 1000, forMs: 1000 };

function problemsOf(more: object): string[] {
  const found = scenarioSchema.safeParse({
    name: 'one',
    title: 'One',
    patterns: [{ id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' }],
    load: { shape: 'constant', ratePerS: 100 },
    durationMs: 5000,
    faults: [KILL],
    ...more,
  });
  return found.success ? [] : found.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('a recovery needs six windows of arrivals of each endpoint after the last fault', () => {
  // 300 of 100/s in the 3 s that are left.
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ durationMs: 4990 })).toEqual([
    'faults.0.forMs: Too short to see a recovery: 299 arrivals of createUser follow the fault, and 300 are needed (durationMs 5000). Raise durationMs or the load, or set watchRecovery: false',
  ]);
});

test('the rarest operation decides, and each timeline by its last fault', () => {
  const mix = [
    { operation: 'createUser', share: 3 },
    { operation: 'getUser', share: 1 },
  ];
  expect(problemsOf({ mix })[0]).toContain('75 arrivals of getUser follow the fault');
  const cases = [
    { id: 'early', title: 'early', faults: [KILL] },
    { id: 'late', title: 'late', faults: [KILL, { ...KILL, id: 'again', atMs: 3000, forMs: 500 }] },
  ];
  expect(problemsOf({ faults: [], cases }).map((one) => one.split(':')[0])).toEqual([
    'cases.1.faults.1.forMs',
  ]);
});

test('it can be declined, and a varying load is not held to it', () => {
  expect(problemsOf({ durationMs: 2500, watchRecovery: false })).toEqual([]);
  expect(problemsOf({ durationMs: 2500, load: { shape: 'poisson', ratePerS: 100 } })).toEqual([]);
});

test('every shipped scenario watches long enough, or says that it does not', async () => {
  const names = await scenarioNames();
  const scenarios = await Promise.all(names.map(async (name) => (await loadScenario(name, [])).scenario));
  const unwatched = scenarios.filter(({ watchRecovery }) => !watchRecovery).map(({ name }) => name);
  expect(unwatched.toSorted()).toEqual(['broker-backlog', 'consumers', 'poison-message']);
});
