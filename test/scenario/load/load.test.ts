import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { INTERACTION_NAMES } from '../../../src/contracts/interactions.ts';
import { CommbenchError } from '../../../src/kernel/errors.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { parseSetting, type Override } from '../../../src/scenario/load/override.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `name: mine
title: Mine
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
  - { id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }
`;

function fileOf(text: string): string {
  const file = path.join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return file;
}

/** The message of the error, with the file's folder taken out. */
async function problemsIn(text: string, ...overrides: Override[]): Promise<string> {
  const error: unknown = await loadScenario(fileOf(text), overrides).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CommbenchError);
  expect((error as CommbenchError).code).toBe('bad-scenario');
  return (error as CommbenchError).message.replaceAll(`${folder}/`, '');
}

const set = (text: string): Override => parseSetting(text)!;

test('what is left out has its default', async () => {
  const { scenario } = await loadScenario(fileOf(GOOD), []);
  expect(scenario).toMatchObject({
    contract: 'users',
    load: { shape: 'constant', ratePerS: 200 },
    durationMs: 3000,
    rounds: 5,
    service: { concurrency: 10, queue: 1000, processingMs: 0 },
    serviceOutage: null,
    noop: true,
  });
});

test('a variant replaces only what it names', async () => {
  const text = `${GOOD}service: { concurrency: 3, processingMs: 20 }\nvariants: [{ id: v, title: V, service: { concurrency: 5 } }]\n`;
  const { scenario } = await loadScenario(fileOf(text), []);
  expect(scenario.variants).toEqual([{ id: 'v', title: 'V', service: { concurrency: 5 }, optional: false }]);
});

test('a shipped scenario is found by its name', async () => {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  expect(scenario.name).toBe('rest-vs-queue');
});

test('an unknown name is answered with the nearest', async () => {
  await expect(loadScenario('rest-vs-qeue', [])).rejects.toThrow(
    /^Scenario rest-vs-qeue not found: .* Did you mean rest-vs-queue\?/,
  );
});

test('every problem is reported, with its line and path', async () => {
  const text = `name: Not A Name
title: x
contrat: users
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-repl }
  - { id: rest, title: Again, transport: rest, interaction: request-reply }
load:
  shape: constant
  ratePerS: 90000
  peakPerS: 3
deadlineMs: 5000
rounds: 0
serviceOutage: {}
`;
  expect(await problemsIn(text)).toBe(`scenario.yaml is not a valid scenario: 8 problems
  scenario.yaml:1:7 name: Expected a name of a-z, 0-9 and -, at most 40 long, found "Not A Name"
  scenario.yaml:3:1 contrat: Expected one of ${Object.keys(scenarioSchema.shape).join(', ')}, found contrat. Did you mean contract?
  scenario.yaml:5:60 patterns[0].interaction: Expected one of ${INTERACTION_NAMES.join(', ')}, found "request-repl". Did you mean request-reply?
  scenario.yaml:6:11 patterns[1].id: The id rest is used twice
  scenario.yaml:9:13 load.ratePerS: Expected at most 50000, found 90000
  scenario.yaml:10:3 load.peakPerS: Expected one of shape, ratePerS, found peakPerS
  scenario.yaml:11:13 deadlineMs: Expected at most a quarter of serviceOutage.forMs (1000), found 5000
  scenario.yaml:12:9 rounds: Expected at least 1, found 0`);
});

describe('bounds', () => {
  test('load is bounded in count', async () => {
    const text = `${GOOD}load: { shape: constant, ratePerS: 50000 }\ndurationMs: 3600000\n`;
    expect(await problemsIn(text)).toContain(
      'load: Expected at most 5000000 arrivals per trial, found 180000000',
    );
  });
  test('a spike lies within the load', async () => {
    const text = `${GOOD}load: { shape: spike, ratePerS: 10, peakPerS: 20, atMs: 2000, forMs: 1500 }\n`;
    expect(await problemsIn(text)).toContain('The spike ends at 3500 ms');
  });
  test('every load is bounded: of variants, of busy blocks, of a broken middle', async () => {
    const text = `${GOOD}variants: [{ id: v, title: V, load: { shape: constant, ratePerS: 50000 } }]
durationMs: 200000
idleBusy: { idleMs: 600000, blocks: 20 }
brokerOutage: { forMs: 3600000 }
load: { shape: constant, ratePerS: 2000 }
`;
    const problems = await problemsIn(text);
    expect(problems).toContain(
      'variants[0].load: Expected at most 5000000 arrivals per trial, found 10000000',
    );
    expect(problems).toContain('idleBusy: Expected at most 5000000 arrivals per trial, found 60050000');
    expect(problems).toMatch(/ load: Expected at most 5000000 arrivals per trial, found 7216000/);
  });
  test('a pattern has a load of its own within the same bound, and no variant that would change it', async () => {
    const own = 'mix: [{ operation: getUser }], load: { shape: constant, ratePerS: 50000 }';
    const text = `${GOOD}  - { id: own, title: Own, transport: rest, interaction: request-reply, ${own} }
durationMs: 1000
variants:
  - { id: v, title: V, load: { shape: constant, ratePerS: 1 } }
`;
    expect(await problemsIn(text)).toContain(
      'variants[0].load: load cannot be changed by a variant: the pattern own has its own',
    );
    expect(await problemsIn(text.replace('1000', '200000'))).toContain(
      'patterns[2].load: Expected at most 5000000 arrivals per trial, found 10000000',
    );
    const other = text.replace('load: { shape: constant, ratePerS: 1 }', 'contract: echo');
    expect(await problemsIn(other)).toContain(
      'variants[0].contract: contract cannot be changed by a variant: the pattern own',
    );
  });
  test('the deadline is at most a quarter of either outage', async () => {
    const text = `${GOOD}serviceOutage: { forMs: 8000 }\nbrokerOutage: { forMs: 2000 }\n`;
    expect(await problemsIn(text)).toContain(
      'Expected at most a quarter of brokerOutage.forMs (500), found 1000',
    );
  });
  test('the reference is a pattern, and no variant comes twice', async () => {
    const text = `${GOOD}reference: rst\nvariants: [{ id: v, title: V }, { id: v, title: W }]\n`;
    const problems = await problemsIn(text);
    expect(problems).toContain('reference: Expected the id of a pattern (rest, queue), found rst');
    expect(problems).toContain('variants[1].id: The id v is used twice');
  });
  test('a file is at most 256 kB', async () => {
    expect(await problemsIn(`# ${'x'.repeat(256 * 1024)}`)).toContain(
      'has 262146 bytes; a scenario has at most 262144',
    );
  });
  test('aliases do not multiply without end', async () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]\n`;
    const text = `a: &a [1]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}`;
    expect(await problemsIn(text)).toContain('Too many aliases, at most 100 may be used');
  });
  test('deep nesting is refused, in few lines', async () => {
    const message = await problemsIn('['.repeat(20_000));
    expect(message.split('\n').length).toBeLessThan(60);
  });
  test('what is no file is not read', async () => {
    await expect(loadScenario('/dev/zero', [])).rejects.toThrow('is not a regular file');
    await expect(loadScenario('./nowhere.yaml', [])).rejects.toThrow('nowhere.yaml: file not found');
  });
});

test('broken YAML is told with its place', async () => {
  expect(await problemsIn('a: [1\nb: }\n')).toContain('scenario.yaml:2:4 Unexpected flow-map-end');
  expect(await problemsIn('')).toContain('scenario.yaml:1:1 scenario: Expected a mapping, found null');
  expect(await problemsIn('name: a\nname: b\n')).toContain('scenario.yaml:2:1 Map keys must be unique');
});

describe('--set', () => {
  test('takes YAML, and units where the key names one', async () => {
    const settings = [
      'durationMs=1.5s',
      'load.ratePerS=1k/s',
      'noop=false',
      'serviceOutage.forMs=8s',
      'patterns.queue.title=Q',
      'patterns.0.options={a: 1}',
    ];
    const { scenario } = await loadScenario(fileOf(GOOD), settings.map(set));
    expect(scenario).toMatchObject({
      durationMs: 1500,
      load: { shape: 'constant', ratePerS: 1000 },
      noop: false,
      serviceOutage: { atMs: 3000, forMs: 8000, do: 'kill' },
      patterns: [
        { id: 'rest', options: { a: 1 } },
        { id: 'queue', title: 'Q' },
      ],
    });
  });
  test('a problem is reported where the value was given', async () => {
    expect(await problemsIn(GOOD, set('service.concurency=3'), set('durationMs=3 parsecs'))).toBe(
      `scenario.yaml is not a valid scenario: 2 problems
  --set service.concurency=3: service.concurency: Expected one of concurrency, queue, processingMs, contractVersion, found concurency. Did you mean concurrency?
  --set durationMs=3 parsecs: durationMs: Expected a number, found "3 parsecs"`,
    );
  });
  test('cannot reach prototypes', async () => {
    expect(await problemsIn(GOOD, set('service.__proto__.polluted=1'))).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
  test.each(['', 'x', '=3', '.a=3'])('%j is not path=value', (text) =>
    expect(parseSetting(text)).toBeUndefined(),
  );
});
