import { expect, test } from 'vitest';
import { pairedFaults } from '../../../src/experiments/paired/paired-faults.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { commbenchInside } from '../../support/cli-inside.ts';

const scenarioOf = async (name: string) => (await loadScenario(name, [])).scenario;

test("the faults are the scenario's, those of the chosen case, or none", async () => {
  const breaker = await scenarioOf('circuit-breaker');
  expect(pairedFaults(breaker, { faults: true })).toEqual({ kind: 'fault', faults: breaker.faults });
  expect(pairedFaults(breaker, { faults: false })).toEqual({ kind: 'latency', faults: [] });
  const cascade = await scenarioOf('cascade');
  const { faults } = pairedFaults(cascade, { faults: true, case: 'slow' });
  expect(faults).toMatchObject([{ do: 'latency', on: 'ledger' }]);
  expect(pairedFaults(await scenarioOf('rest-vs-queue'), { faults: true }).kind).toBe('latency');
});

test.each([
  [['circuit-breaker', '--case', 'slow'], 'no --case: circuit-breaker has no cases, found slow'],
  [['cascade'], 'cascade has several cases of faults: killed, frozen, slow'],
  [['cascade', '--case', 'slwo'], 'Did you mean slow?'],
  [['cascade', '--case', 'slow', '--no-faults'], '--case cannot be combined with --no-faults'],
  [['circuit-breaker', '--mode', 'switchback'], 'switchback cannot compare trials with faults'],
  [['circuit-breaker', '--a', 'faults.0.ms=5'], 'both arms are measured under the same faults'],
  [
    ['cascade', '--case', 'kafka-killed', '--a', 'variant=synchronous', '--b', 'variant=rabbitmq'],
    '--a: its services do not have what the faults strike: kill on kafka',
  ],
])('%j is refused before anything is measured', async (args, message) => {
  const { code, stderr } = await commbenchInside(['ab', ...args, '--out', 'package.json/ab.json']);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
