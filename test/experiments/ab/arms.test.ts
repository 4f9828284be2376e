import { loadCatalogue } from '../../../src/transports/discover.ts';
import { describe, expect, test } from 'vitest';
import {
  type Arm,
  checkSameLoad,
  distinctTitles,
  loadArm,
  patternsThatDiffer,
  shownChange,
} from '../../../src/experiments/ab/arms.ts';
import { abSpec } from '../../../src/experiments/ab/plan.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import { resolvePatterns } from '../../../src/plan/resolve-patterns.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import { specOf } from '../../../src/plan/trial-plan.ts';
import { scenarioNames } from '../../../src/scenario/load/catalogue.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { commbenchInside } from '../../support/cli-inside.ts';

async function armOf(
  name: string,
  changes: readonly string[],
  patterns?: readonly string[],
  storeValues = false,
): Promise<Arm> {
  const { scenario } = await loadScenario(name, []);
  return loadArm(
    scenario,
    { name, set: [], patterns, targets: {}, storeValues, faults: { kind: 'latency', faults: [] } },
    'a',
    changes,
  );
}

describe('an arm is the scenario with its changes', () => {
  test('every variant of every shipped scenario: its trials are those that `run` makes of the variant', async () => {
    let looked = 0;
    for (const name of await scenarioNames()) {
      const { scenario } = await loadScenario(name, []);
      const choice = { patterns: undefined, targets: {}, allowRemote: [] };
      const patterns = await resolvePatterns(scenario, choice, await loadCatalogue());
      for (const variant of scenario.variants.map(({ id }) => id)) {
        const arm = await armOf(name, [`variant=${variant}`]);
        const paired = pairedScenario(arm.scenario, 24);
        expect(scenarioSchema.parse(paired), `${name}, ${variant}`).toEqual(paired);
        for (const pattern of patterns) {
          const entry = {
            id: 1,
            round: 1,
            pattern: pattern.id,
            variant,
            kind: 'latency',
            case: null,
          } as const;
          const place = { pair: 1, patternIndex: 0, patternCount: 1, arm: 'a' } as const;
          const plain = specOf(entry, { scenario, seed: 7, pattern });
          const spec = abSpec({ scenario: paired, seed: 7, mode: 'pairs', kind: 'latency' }, place, pattern);
          expect(sentIn(spec), `${name}, ${variant}, ${pattern.id}`).toEqual(sentIn(plain));
          looked++;
        }
      }
    }
    expect(looked).toBeGreaterThan(50);
  });

  test("a word is an option of the patterns' transports, for those patterns that have it", async () => {
    const { scenario, title } = await armOf('queue-vs-stream', ['client=@platformatic/kafka']);
    expect(title).toBe('client=@platformatic/kafka');
    const options = scenario.patterns.map((pattern) => [pattern.transport, pattern.options['client']]);
    for (const [transport, client] of options)
      expect(client).toBe(transport === 'kafka' ? 'platformatic' : undefined);
  });

  test('a path is one of the scenario, its value in its unit', async () => {
    const { scenario } = await armOf('rest-vs-queue', [
      'service.processingMs=24ms',
      'patterns.rest.title=Mine',
    ]);
    expect(scenario.service.processingMs).toBe(24);
    expect(scenario.patterns.find(({ id }) => id === 'rest')!.title).toBe('Mine');
  });

  test('another pattern takes the place of the compared one, whose id both have', async () => {
    const { scenario } = await armOf('queue-vs-stream', ['pattern=stream'], ['queue']);
    expect(scenario.patterns.find(({ id }) => id === 'queue')).toMatchObject({
      title: 'Event stream',
      transport: 'kafka',
      interaction: 'event-stream',
    });
    await expect(armOf('queue-vs-stream', ['pattern=streem'], ['queue'])).rejects.toThrow(
      'Expected a pattern of queue-vs-stream (queue, stream), found streem',
    );
  });

  test.each([
    ['pattern=stream', 'is only valid for a single pattern'],
    ['processingMs', '--a: Expected KEY=VALUE, found processingMs'],
    ['clinet=kafkajs', 'Did you mean client?'],
    ['client=3', '--a client=3: patterns[1].options.client: Expected one of'],
    ['variant=none', '--a variant=none: Expected a variant of queue-vs-stream'],
    ['faults.0.forMs=5s', 'faults.0.forMs cannot be changed'],
    ['objectiveMs=300', 'objectiveMs cannot be changed'],
    ['target=http://127.0.0.1:1/', 'is only valid for a single pattern'],
    ['command=node server.js', 'is only valid for a single pattern'],
  ])('%s is refused', async (change, message) => {
    await expect(armOf('queue-vs-stream', [change])).rejects.toThrow(message);
  });
});

test('what lets a target in is in no title, and so in no result', () => {
  expect(
    [
      'target=http://ana:s3cret@127.0.0.1/',
      'targets.orders.url=http://127.0.0.1/?token=s3cret',
      'targets.orders.url=http://{{env HOST}}/?id={{id}}&token=s3cret',
      'targets.orders.headers.authorization=Bearer s3cret',
      'targets.orders.env={ DB_PASSWORD: s3cret }',
    ].map(shownChange),
  ).toEqual([
    'target=http://***@127.0.0.1/',
    'targets.orders.url=***',
    'targets.orders.url=***',
    'targets.orders.headers.authorization=***',
    'targets.orders.env=***',
  ]);
  expect(shownChange('command=node a.js --password=s3cret')).toBe('command=node ***');
  for (const plain of ['client=kafkajs', 'keys=7']) expect(shownChange(plain)).toBe(plain);
});

test('arms whose commands differ in hidden words alone have titles that differ; with --store-values they show the words', async () => {
  const titles = async (a: string, b: string, storeValues = false) => {
    const arms = await Promise.all(
      [a, b].map((change) => armOf('rest-vs-queue', [change], ['rest'], storeValues)),
    );
    const told = distinctTitles(arms[0]!, arms[1]!);
    return [told.a.title, told.b.title];
  };
  const [v1, v2] = ['command=node v1.js 80', 'command=node v2.js 80'];
  expect(await titles(v1, v2)).toEqual(['command=node *** (of --a)', 'command=node *** (of --b)']);
  expect(await titles(v1, v2, true)).toEqual([v1, v2]);
  // The same server on both sides, as in a test of the comparison itself.
  expect(await titles(v1, v1)).toEqual(['command=node ***', 'command=node ***']);
  expect(await titles('command=node a', 'command=bun a')).toEqual(['command=node ***', 'command=bun ***']);
});

/** What is sent to whom, when, and who serves it. */
function sentIn({
  system: { contract, service, topology },
  load: { mix, shape: load, durationMs, deadlineMs, keys },
  seed,
}: TrialSpec) {
  return {
    contract,
    mix,
    load,
    durationMs,
    seed,
    service,
    deadlineMs,
    keys,
    services: topology?.services,
    edges: topology?.edges,
  };
}

describe('two arms', () => {
  test.each(['load.ratePerS=300', 'durationMs=2s', 'warmUp.calls=5', 'keys=7'])(
    '%s in one of them is refused: it would be measured otherwise',
    async (change) => {
      const [a, b] = [await armOf('rest-vs-queue', []), await armOf('rest-vs-queue', [change])];
      expect(() => checkSameLoad(a, b)).toThrow(`they differ in ${change.split(/[.=]/)[0]}`);
      expect(() => checkSameLoad(b, b)).not.toThrow();
    },
  );

  test('only patterns in which they differ are run; all, where it is no pattern of its own', async () => {
    const plain = await armOf('queue-vs-stream', []);
    const all = plain.scenario.patterns.map(({ id }) => id);
    const differing = async (change: string) =>
      patternsThatDiffer(plain, await armOf('queue-vs-stream', [change]));
    const kafka = plain.scenario.patterns
      .filter(({ transport }) => transport === 'kafka')
      .map(({ id }) => id);
    expect(await differing('client=platformatic')).toEqual(kafka);
    expect(await differing('service.processingMs=1')).toEqual(all);
    expect(patternsThatDiffer(plain, plain)).toEqual(all);
  });
});

test('switchback of so low a rate that no block could ever be assessed is refused', async () => {
  // Where nothing can be written: what is not refused before ends there, and starts nothing.
  const options = ['--patterns', 'rest', '--mode', 'switchback', '--out', '/dev/null/ab'];
  const at = (rate: string) =>
    commbenchInside(['ab', 'rest-vs-queue', ...options, '--set', `load.ratePerS=${rate}`]);
  const slow = await at('49');
  expect(slow.code).toBe(2);
  expect(slow.stderr).toContain('needs a load of at least 50/s, so that each block has 10 calls, found 49');
  expect(await at('50')).toMatchObject({ code: 6, stderr: expect.stringContaining('cannot be written') });
});
