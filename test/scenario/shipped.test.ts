import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { fanOutOf } from '../../src/kernel/topology.ts';
import { scenarioNames } from '../../src/scenario/load/catalogue.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import { topologyOf } from '../../src/scenario/schema/topology.ts';

const EXAMPLES = new URL('../../scenarios/examples/', import.meta.url);
const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-shipped-'));
afterAll(() => rmSync(folder, { recursive: true }));

const names = await scenarioNames();

describe('every shipped scenario, and every example, is right', () => {
  const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('openapi.yaml'))
    .map((file) => new URL(file, EXAMPLES).pathname);
  test.each([...names, ...examples])('%s', async (name) => {
    await expect(loadScenario(name, [], await loadCatalogue())).resolves.toBeDefined();
  });
});

test.each(names)('like is compared with like: as many subscribers for every pattern (%s)', async (name) => {
  const { patterns } = (await loadScenario(name, [])).scenario;
  // A scenario of one interaction alone may be about their number.
  const isMixed = new Set(patterns.map(({ interaction }) => interaction)).size > 1;
  const counts = new Set(patterns.map(({ subscribers }) => subscribers));
  expect(isMixed && counts.size > 1).toBe(false);
});

test('so is the complete one in the docs', async () => {
  const text = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
  const [, yaml] = /^```yaml\n(name: .*?)^```$/ms.exec(text)!;
  const file = path.join(folder, 'checkout.yaml');
  writeFileSync(file, yaml!);
  const { scenario } = await loadScenario(file, [], await loadCatalogue());
  expect(scenario.variants.map(({ id }) => id)).toEqual(['none', 'retry']);
});

test('the diamond comes together: its far end is called twice, and awaited once', async () => {
  const { scenario } = await loadScenario(new URL('diamond.yaml', EXAMPLES).pathname, []);
  const topology = topologyOf(scenario, null)!;
  expect(fanOutOf(topology, 'createUser')).toEqual([1, 1, 1, 2]);
  expect(fanOutOf(topology, 'getUser')).toEqual([1, 0, 0, 0]);
  expect(topology.edges.filter(({ isAnswered }) => !isAnswered).map(({ id }) => id)).toEqual(['c-d']);
});

test('what is named in a variant alone is changed, its policies written out', async () => {
  const { scenario } = await loadScenario('cascade', []);
  const [, pay, book] = topologyOf(scenario, 'rabbitmq')!.edges;
  expect(pay).toMatchObject({
    id: 'pay',
    transport: 'rabbitmq',
    isAnswered: false,
    operations: ['createUser'],
  });
  expect(book).toMatchObject({
    transport: 'rest',
    policies: [{ policy: 'retry', attempts: 10 }, { policy: 'timeout' }],
  });
});
