import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { parseThreshold, readThreshold } from '../../../src/scenario/schema/threshold.ts';
import { THRESHOLD_FIGURE_NAMES, THRESHOLD_FIGURES } from '../../../src/scenario/schema/threshold-figures.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-threshold-'));
afterAll(() => rmSync(folder, { recursive: true }));

const problemOf = (text: string) => (parseThreshold(text) as { problem?: string }).problem;

/** How a limit is written, and what it is. */
const LIMITS = {
  percentile: fc.integer({ min: 0, max: 600_000 }).map((ms) => [`${ms}ms`, ms] as const),
  time: fc.integer({ min: 0, max: 600 }).map((s) => [`${s} s`, s * 1000] as const),
  rate: fc.integer({ min: 0, max: 50_000 }).map((perS) => [`${perS}/s`, perS] as const),
  share: fc.integer({ min: 0, max: 1000 }).map((tenths) => [`${tenths / 10}%`, tenths / 1000] as const),
  count: fc.nat().map((n) => [String(n), n] as const),
};
const space = fc.constantFrom('', ' ', '  ');
const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);

const written = fc
  .record({
    scope: fc.array(id, { maxLength: 3 }),
    figure: fc.constantFrom(...THRESHOLD_FIGURE_NAMES),
    percent: fc.integer({ min: 1, max: 999 }),
    comparator: fc.constantFrom('<', '<=', '>', '>=', '=='),
    gaps: fc.tuple(space, space, space),
  })
  .filter(({ figure, comparator }) => comparator !== '==' || THRESHOLD_FIGURES[figure].kind === 'count')
  .chain((parts) =>
    LIMITS[THRESHOLD_FIGURES[parts.figure].kind].map(([text, limit]) => ({ ...parts, text, limit })),
  );

test('what is written is what is read', () => {
  fc.assert(
    fc.property(written, ({ scope, figure, percent, comparator, gaps: [a, b, c], text, limit }) => {
      const isPercentile = THRESHOLD_FIGURES[figure].kind === 'percentile';
      const head = scope.length === 0 ? '' : `${scope.join('/')}:${a}`;
      const quantile = isPercentile ? ` p${percent / 10}` : '';
      const threshold = `${head}${figure}${quantile}${b}${comparator}${c}${text}`;
      expect(parseThreshold(threshold)).toEqual({
        text: threshold,
        scope,
        figure,
        quantile: isPercentile ? percent / 1000 : null,
        comparator,
        limit,
      });
    }),
  );
});

test('any other text is refused with what was expected and found', () => {
  const character = fc.constantFrom(...'response lost p99 <>=:!/%ms.5 \n');
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: character, maxLength: 40 })), (text) => {
      expect(problemOf(text) ?? 'Expected , found ').toMatch(/^Expected .*, found /s);
    }),
  );
});

test.each([
  [
    'response p99',
    'Expected a figure, a comparison and a limit, such as `response p99 < 20ms`, found response p99',
  ],
  [
    'respone p99 < 20ms',
    /^Expected one of response, completion, .*, found respone\. Did you mean response\?$/,
  ],
  ['response < 20ms', 'Expected a percentile after response, such as p50 or p99.9, found nothing'],
  ['response p100 < 20ms', 'Expected a percentile after response, such as p50 or p99.9, found p100'],
  ['response p0 < 20ms', 'Expected a percentile after response, such as p50 or p99.9, found p0'],
  ['lost p99 == 0', 'Expected a comparison after lost, which has no percentiles, found p99'],
  ['response p99 < 20', 'Expected a time with its unit, such as 20ms or 1.5s after response, found 20'],
  ['response p99 == 20ms', 'Expected <, <=, > or >=, as response is no count, found =='],
  ['response p99 != 20ms', 'Expected one of <, <=, >, >=, ==, found !='],
  ['response p99 =< 20ms', 'Expected one of <, <=, >, >=, ==, found =<'],
  ['goodput >= 195', 'Expected a rate such as 195/s or 1k/s after goodput, found 195'],
  ['failures < 0.1', 'Expected a share such as 0.1% after failures, found 0.1'],
  ['failures < 101%', 'Expected a share such as 0.1% after failures, found 101%'],
  ['lost == -1', 'Expected a whole number after lost, found -1'],
  ['lost <', 'Expected a whole number after lost, found nothing'],
  [
    ': lost == 0',
    'Expected ids of patterns, variants, cases or operations, fault or control before the colon, found : lost == 0',
  ],
])('%j', (text, message) => {
  expect(problemOf(text)).toMatch(message);
});

const SCENARIO = `name: shop
title: Shop
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
variants:
  - { id: small, title: Small }
thresholds:
  - response p99 < 20ms
`;

async function problemsIn(text: string): Promise<string[]> {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, text);
  const found: unknown = await loadScenario(file, []).catch((error: unknown) => error);
  if (!(found instanceof Error)) return [];
  return found.message
    .split('\n')
    .slice(1)
    .map((line) => line.replace(`${file}:`, '').trim());
}

test('in YAML a scope needs no quotes', async () => {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, `${SCENARIO}  - rest/small: lost == 0\n  - "small: goodput > 5/s"\n`);
  const { scenario } = await loadScenario(file, []);
  expect(scenario.thresholds.map(readThreshold)).toMatchObject([
    { scope: [], figure: 'response' },
    { scope: ['rest', 'small'], figure: 'lost' },
    { scope: ['small'], figure: 'goodput' },
  ]);
});

test('in a scenario all that is wrong is told with its line and path, beside what else is wrong', async () => {
  const text = `${SCENARIO}  - respnse p99 < 20ms\n  - rset: lost == 0\n  - recovery < 5s\nrunds: 3\n`;
  expect(await problemsIn(text)).toEqual([
    expect.stringMatching(/^9:5 thresholds\[1\]: Expected one of response, .* Did you mean response\?$/),
    '10:5 thresholds[2]: Expected the id of a pattern, a variant or a case (rest, small), fault or control, found rset. Did you mean rest?',
    '11:5 thresholds[3]: A threshold of recovery needs `faults` or `cases`',
    expect.stringMatching(/^12:1 runds: .*Did you mean rounds\?$/),
  ]);
});

test('of two patterns at once, two variants or two cases nothing is, and such a threshold would never be missed', async () => {
  const two = SCENARIO.replace('title: Small }', 'title: Small }\n  - { id: large, title: Large }');
  expect(await problemsIn(`${two}  - small/large: lost == 0\n  - rest/large: lost == 0\n`)).toEqual([
    '10:5 thresholds[1]: Expected at most one variant before the colon, found small and large',
  ]);
});

test('trials with a fault or controls are named where there are faults, and never both', async () => {
  const scopes = ['fault', 'control'];
  expect(await problemsIn(`${SCENARIO}${scopes.map((word) => `  - ${word}: lost == 0\n`).join('')}`)).toEqual(
    [
      '9:5 thresholds[1]: `fault:` needs `faults` or `cases`',
      '10:5 thresholds[2]: `control:` needs `faults` or `cases`',
    ],
  );
  const faulted = `${SCENARIO}  - control/fault: lost == 0\nwatchRecovery: false\nfaults: [{ id: down, do: kill, on: service, atMs: 1000, forMs: 1000 }]\n`;
  expect(await problemsIn(faulted)).toEqual([
    '9:5 thresholds[1]: Expected a threshold on trials with faults or on controls, found one on both',
  ]);
  const named = faulted.replace('control/fault', 'fault').replace('id: small', 'id: fault');
  expect(await problemsIn(named)).toEqual([
    expect.stringContaining('`fault` before the colon means trials, but is also the id of'),
  ]);
});

test('docs/scenarios.md explains every figure, and its examples are right', () => {
  const text = readFileSync(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8');
  const [, section] = /^## Thresholds\n(.*?)^## /ms.exec(text)!;
  const named = [...section!.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  expect(named).toEqual(THRESHOLD_FIGURE_NAMES);
  const [, yaml] = /^```\n(thresholds:.*?)^```$/ms.exec(section!)!;
  const { thresholds } = parse(yaml!) as { thresholds: Parameters<typeof readThreshold>[0][] };
  expect(thresholds.map((one) => readThreshold(one).figure)).toEqual([
    'response',
    'completion',
    'goodput',
    'failures',
    'lost',
    'failures',
    'response',
    'failures',
  ]);
});
