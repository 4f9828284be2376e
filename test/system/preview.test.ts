import { loadCatalogue } from '../../src/transports/discover.ts';
import { expect, test } from 'vitest';
import type { BrokerDefinition, StartedBroker } from '../../src/kernel/broker.ts';
import { neededBy, startBrokers } from '../../src/trial/environment/broker-set.ts';
import { openPreview } from '../../src/experiments/run/preview.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import { openTestbed } from '../../src/trial/environment/testbed.ts';
import { resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../src/plan/spec.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';

/** A broker whose fetching lasts as long as `fetching`. */
function slowToFetch(fetching: Promise<unknown>): BrokerDefinition {
  const started = {
    name: 'slow',
    version: '1',
    source: 'package-cache',
    pids: [],
    lost: new Promise(() => undefined),
    warm: async () => 'warm',
    [Symbol.asyncDispose]: async () => undefined,
  } as unknown as StartedBroker;
  return {
    name: 'slow',
    title: 'Slow',
    find: async () => ({ state: 'available', fetch: { bytes: 1, seconds: 1 } }),
    start: async () => {
      await fetching;
      return started;
    },
  } as unknown as BrokerDefinition;
}

async function setUp(line: (text: string) => void) {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const choice = { patterns: ['rest'], targets: {}, allowRemote: [] };
  const [rest] = await resolvePatterns(scenario, choice, await loadCatalogue());
  const testbed = await openTestbed({
    progress: { ...silentProgress, line },
    signal: new AbortController().signal,
  });
  return { testbed, rest: rest!, scenario };
}

const choice = (broker: BrokerDefinition) => ({
  urls: {},
  allowRemote: [],
  skip: false,
  load: async () => broker,
});

test('while a broker is fetched, the patterns that need none are run once, and shown as a preview', async () => {
  const shown = Promise.withResolvers<string>();
  const { testbed, rest, scenario } = await setUp(
    (text) => text.startsWith('Preview') && shown.resolve(text),
  );
  await using _testbed = testbed;
  const broker = slowToFetch(shown.promise);
  const patterns = [rest, { ...rest, id: 'slow', definition: { broker } } as unknown as ResolvedPattern];
  await startBrokers(testbed, neededBy(patterns), choice(broker), () =>
    openPreview(testbed, patterns, scenario, 1),
  );
  const text = await shown.promise;
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toMatch(/not part of the result\n {2}REST: response p50 [\d.]+ ms, completion p50 [\d.]+ ms/);
});

test('a preview that is not over when the brokers are up is ended, and nothing of it is shown', async () => {
  const lines: string[] = [];
  const { testbed, rest, scenario } = await setUp((text) => lines.push(text));
  await using _testbed = testbed;
  const broker = slowToFetch(Promise.resolve());
  const patterns = [rest, { ...rest, id: 'slow', definition: { broker } } as unknown as ResolvedPattern];
  await startBrokers(testbed, neededBy(patterns), choice(broker), () =>
    openPreview(testbed, patterns, scenario, 1),
  );
  expect(lines.filter((line) => line.startsWith('Preview'))).toEqual([]);
});
