import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../src/record/record.ts';
import { writeResult } from '../../src/record/store.ts';
import { commbenchInside } from '../support/cli-inside.ts';
import type { Ran } from '../support/cli.ts';
import { completeResult } from '../support/result.ts';

/** Files that once crashed, hung or steered something: each is refused or shown, in one message. */
const FIXTURES = path.join(import.meta.dirname, 'fixtures/robustness');

const RESULTS = path.resolve(import.meta.dirname, '../../results/examples');
const EXAMPLES = readdirSync(RESULTS).filter((name) => name.endsWith('.json'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-robust-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const fixture = (name: string) => path.join(FIXTURES, name);

/** Planned, and no more: no plan is that short. */
const plan = (file: string) =>
  commbenchInside(['run', file, '--max-time', '1ms', '--seed', '1', '--out', at('out.json'), '--quiet']);

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}

const BASE = readFileSync(fixture('alias-in-itself.yaml'), 'utf8').replace('&t [*t]', 'Base');

function expectRefused({ code, stdout, stderr }: Ran, what: string | RegExp): void {
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(what);
  expect(stderr.match(/^commbench: /gm)).toHaveLength(1);
  expect(stderr).toMatch(/^ {2}→ /m);
  expect(stderr.length).toBeLessThan(5000);
  // oxlint-disable-next-line no-control-regex -- none may be there
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
}

describe('scenarios', () => {
  test('the base of these tests is a plan', async () => {
    expectRefused(await plan(write('base.yaml', BASE)), /The plan takes about .* longer than --max-time/);
  });

  test('what is found when it is planned names the file, and only once', async () => {
    const target =
      "targets: { rest: { url: 'https://127.0.0.1:1', tls: { ca: '{{env NO_SUCH_VARIABLE}}' } } }\n";
    const file = write('planned.yaml', `${BASE}${target}`);
    const refused = await plan(file);
    expectRefused(refused, 'The environment variable NO_SUCH_VARIABLE is not set');
    expect(refused.stderr.split(file)).toHaveLength(2);
  });

  test.each([
    ['an alias in itself', fixture('alias-in-itself.yaml'), ':2:12 *t stands for a part that contains it'],
    ['escapes in a key', fixture('escapes-in-a-key.yaml'), 'found ␛[31mred␛]0;x␇'],
  ])('%s', async (_what, file, found) => expectRefused(await plan(file), found));

  test.each<[string, string, string | RegExp]>([
    [
      'an alias in a part of a part',
      `${BASE}keys: &k { a: [{ b: *k }] }\n`,
      '*k stands for a part that contains it',
    ],
    ['brackets without end', `a: ${'['.repeat(760)}${']'.repeat(760)}`, 'Nested deeper than 64 levels'],
    ['brackets past the stack', `a: ${'['.repeat(100_000)}`, 'Nested deeper than 64 levels'],
    ['brackets that are not closed', `a: ${'['.repeat(760)}`, /1 problem\n.*must be sufficiently indented/],
    [
      'mappings without end',
      `${BASE}a: ${'{a: '.repeat(100)}${'}'.repeat(100)}\n`,
      'Nested deeper than 64 levels',
    ],
    ['lists in a line without end', `${BASE}a:\n  ${'- '.repeat(3000)}b\n`, 'Nested deeper than 64 levels'],
    ['a repeated key', `${BASE}title: Again\n`, /:\d+:1 Map keys must be unique/],
    ['an id that every object has', BASE.replace('id: rest', 'id: constructor'), 'constructor'],
    ['the same of a service', `${BASE}services: [{ id: constructor }]\n`, 'constructor'],
    [
      'next to no rate',
      BASE.replace('ratePerS: 100', 'ratePerS: 1.0e-300'),
      'load.ratePerS: Expected at least 0.01, found 1e-300',
    ],
    [
      'a rate past all bounds',
      BASE.replace('ratePerS: 100', 'ratePerS: 1.0e+305'),
      'load.ratePerS: Expected at most 50000',
    ],
    ['no number', BASE.replace('ratePerS: 100', 'ratePerS: .nan'), 'load.ratePerS'],
    [
      'no operation to watch under a fault',
      `${BASE.replace(/mix: .*/, 'mix: []')}faults: [{ do: kill, atMs: 100, forMs: 100 }]\n`,
      'mix: Expected at least 1 entries',
    ],
    [
      'a URL that is no text',
      `${BASE}targets: { rest: { url: 5 } }\n`,
      'targets.rest.url: Expected a text, found "***"',
    ],
    [
      'a URL that is a list',
      `${BASE}targets: { rest: { url: [http://127.0.0.1] } }\n`,
      'targets.rest.url: Expected a text',
    ],
  ])('%s', async (_what, text, found) => expectRefused(await plan(write('s.yaml', text)), found));

  test('20,000 unknown keys and 20,000 repeated ones are counted, not looked up one by one', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
    const { stderr, ...unknown } = await plan(write('keys.yaml', `${BASE}${keys}\n`));
    expectRefused({ ...unknown, stderr }, 'is not a valid scenario: at least 100 problems');
    expect(stderr).toMatch(/\.\.\. and \d+ more/);
    const same = 'a: 1\n'.repeat(20_000);
    expectRefused(await plan(write('same.yaml', same)), 'at least 100 problems');
  });

  test('a binary file, and a text in UTF-16, are named as such', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256);
    expectRefused(await plan(write('s.yaml', bytes)), 's.yaml is not a valid scenario: a binary file');
    expectRefused(await plan(write('nul.yaml', 'a\0b')), 'a binary file');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(BASE, 'utf16le')]);
    expectRefused(await plan(write('u.yaml', utf16)), 'its text is in UTF-16');
  });

  test('a plan without end is refused before anything begins', async () => {
    const long = BASE.replace('rounds: 1', 'rounds: 100').replace('durationMs: 500', 'durationMs: 3600000');
    const slow = long.replace('ratePerS: 100', 'ratePerS: 0.01');
    const ran = await commbenchInside([
      'run',
      write('s.yaml', slow),
      '--seed',
      '1',
      '--out',
      at('out.json'),
      '--quiet',
    ]);
    expectRefused(ran, /The plan takes about \d+\.\d h, longer than --max-time \(4\.0 h\)/);
  });
});

describe('results', () => {
  /** A series of the complete result with this histogram, and this number of samples. */
  const withHistogram = (histogram: string, count: number): string => {
    const result = structuredClone(completeResult());
    Object.assign(result.trials[0]!.phases[0]!.response, { histogram, count });
    writeResult(at('r.json'), result);
    return at('r.json');
  };
  const crafted = (name: string) => {
    const { trials } = JSON.parse(readFileSync(fixture(name), 'utf8')) as Pick<Result, 'trials'>;
    const series = trials[0]!.phases[0]!;
    return Object.values(series).filter(
      (one) => typeof one === 'object' && one !== null && 'histogram' in one,
    ) as {
      histogram: string;
      count: number;
    }[];
  };

  test.each(['result-hdr-skip.json', 'result-hdr-length.json'])(
    '%s: what it skips or allocates is bounded',
    async (name) => {
      const all = crafted(name);
      expect(all.length).toBeGreaterThan(3);
      const refused = [];
      for (const { histogram, count } of all) {
        const ran = await commbenchInside(['report', withHistogram(histogram, count)]);
        if (ran.code === 0) continue;
        expectRefused(ran, 'trials.0.phases.0.response: Expected a histogram of');
        refused.push(histogram);
      }
      // One of them is crafted, the others are whole.
      expect(refused).toHaveLength(1);
    },
  );

  test.each([
    ['result-unknown-fault.json', 'has format version 1'],
    ['ci-newline-a.json', 'has format version 1'],
    ['result-hdr-skip.json', 'has format version 1'],
  ])('%s, of an older version, is refused as it is', async (name, found) => {
    expectRefused(await commbenchInside(['report', fixture(name)]), found);
  });

  type Change = (result: Result) => unknown;
  test.each<[string, Change, string]>([
    ['an unknown fault', (r) => Object.assign(r.trials.at(-1)!.faults, [{ ...FAULT, do: 'melt' }]), 'do: '],
    ['a trial of no pattern', (r) => Object.assign(r.trials[0]!, { pattern: 'nobody' }), 'nobody'],
    [
      'an id that every object has',
      (r) => Object.assign(r.patterns[0]!, { id: 'constructor' }),
      'constructor',
    ],
    ['a negative count', (r) => Object.assign(r.trials[0]!.phases[0]!, { correct: -5 }), 'correct'],
    [
      'a negative waterfall',
      (r) =>
        Object.assign(r.trials[0]!, {
          waterfall: { of: 'response', stages: ['lag'], excluded: 0, buckets: [[1, 1, -5]] },
        }),
      'waterfall',
    ],
    [
      'a waterfall of other stages',
      (r) =>
        Object.assign(r.trials[0]!, {
          waterfall: { of: 'response', stages: ['lag', 'pool'], excluded: 0, buckets: [[1, 1, 5]] },
        }),
      'waterfall',
    ],
    ['an infinite time', (r) => Object.assign(r.trials[0]!, { wallMs: 'INFINITE' }), 'wallMs'],
  ])('%s', async (_what, change, found) => {
    const result = structuredClone(completeResult());
    change(result);
    write('r.json', JSON.stringify(result).replace('"INFINITE"', '1e999'));
    expectRefused(await commbenchInside(['report', at('r.json')]), found);
  });

  test.each(EXAMPLES)('%s without its trials, its patterns, or anything in its lists', async (name) => {
    const text = readFileSync(path.join(RESULTS, name), 'utf8');
    const emptied = [
      { ...(JSON.parse(text) as object), trials: [] },
      { ...(JSON.parse(text) as object), patterns: [] },
      withoutEntries(JSON.parse(text)),
    ];
    for (const [i, value] of emptied.entries()) {
      const ran = await commbenchInside(['report', write(`r${i}.json`, JSON.stringify(value)), '--explain']);
      if (ran.code !== 0) expectRefused(ran, `r${i}.json`);
    }
  });

  test('nesting without end', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify({ ...completeResult(), options: { a: 'DEEP' } }).replace('"DEEP"', deep);
    expectRefused(await commbenchInside(['report', write('r.json', text)]), 'nested deeper than 64 levels');
  });
});

/** Every list of it empty; what is no list stays. */
function withoutEntries(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return [];
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEntries(inner)]));
}

const FAULT = {
  id: null,
  do: 'kill',
  on: 'service',
  plannedAtNs: 0,
  plannedForNs: 1,
  injectedNs: 0,
  observedNs: 0,
  liftedNs: 1,
  readyNs: 1,
  planned: null,
  injected: null,
  observed: null,
};

test('an OpenAPI document whose schema grows without end is refused, or cut', async () => {
  const ran = await commbenchInside(['init', at('s.yaml'), '--from', fixture('openapi-exponential.json')]);
  if (ran.code === 0) expect(readFileSync(at('s.yaml')).length).toBeLessThan(256 * 1024);
  else expectRefused(ran, 'openapi-exponential.json');
});
