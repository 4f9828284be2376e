import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { loadCatalogue } from '../../../src/transports/discover.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function loaded(text: string) {
  using place = temporaryFolder();
  const file = path.join(place.path, 'units.yaml');
  writeFileSync(file, text);
  return (await loadScenario(file, [], await loadCatalogue())).scenario;
}

test('a time or a rate of any field may have its unit', async () => {
  const scenario = await loaded(`
name: units
title: Units
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
services:
  - { id: shop, concurrency: 10, processingMs: 20ms }
  - { id: pay, concurrency: 10, processingMs: 0.5ms }
edges:
  - from: shop
    to: pay
    policies: [{ policy: retry, baseMs: 0.1s, budget: { ratio: 0.2, reservePerS: 60/min } }, { policy: timeout, ms: 250ms }]
variants:
  - { id: fast, title: fast, load: { shape: steps, steps: [{ ratePerS: 1k/s, forMs: 1s }] } }
load: { shape: constant, ratePerS: 200/s }
durationMs: 30s
deadlineMs: 2m
objectiveMs: 300ms
drainMs: 5 s
warmUp: { probeMs: 1s, mostMs: 2s }
faults: [{ do: latency, on: pay, atMs: 3s, forMs: 3s, ms: 100ms }]
`);
  expect(scenario).toMatchObject({
    load: { ratePerS: 200 },
    durationMs: 30_000,
    deadlineMs: 120_000,
    objectiveMs: 300,
    drainMs: 5000,
    warmUp: { probeMs: 1000, mostMs: 2000 },
    services: [{ processingMs: 20 }, { processingMs: 0.5 }],
    variants: [{ load: { steps: [{ ratePerS: 1000, forMs: 1000 }] } }],
    faults: [{ atMs: 3000, forMs: 3000, ms: 100 }],
  });
  expect(scenario.edges[0]!.policies).toMatchObject([
    { policy: 'retry', baseMs: 100, budget: { ratio: 0.2, reservePerS: 1 } },
    { policy: 'timeout', ms: 250 },
  ]);
});

test('what a target is sent is left as it is, its own times are not', async () => {
  const scenario = await loaded(`
name: units
title: Units
patterns: [{ id: own, title: own, transport: rest, interaction: request-reply }]
targets:
  own:
    url: http://127.0.0.1:8080
    command: node server.js
    ready: { line: ready, withinMs: 5s }
    stop: { withinMs: 1s }
    body: { delayMs: 3s, ratePerS: 200/s }
`);
  expect(scenario.targets['own']).toMatchObject({
    ready: { withinMs: 5000 },
    stop: { withinMs: 1000 },
    body: { delayMs: '3s', ratePerS: '200/s' },
  });
});

test.each(['3 parsecs', '200/s', '-3s'])('%s is no time', async (text) => {
  const scenario = `name: u\ntitle: U\npatterns: [{ id: r, title: R, transport: rest, interaction: request-reply }]\ndurationMs: ${text}\n`;
  await expect(loaded(scenario)).rejects.toThrow(
    /durationMs: .*3 parsecs|durationMs: .*200\/s|durationMs: .*-3s/,
  );
});
