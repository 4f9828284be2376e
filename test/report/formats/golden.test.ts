import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/record/record.ts';
import { reportSchema } from '../../../src/report/json/report-schema.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import type { Surface } from '../../../src/report/reporter.ts';
import { contractResult } from '../../support/records/contract-changes.ts';
import { comparisonResult, variantsResult } from '../../support/comparison.ts';
import { printed } from '../../support/reporters.ts';
import { troubledResult } from '../../support/screens/records.ts';
import { casesResult, shopResult } from '../../support/faults.ts';
import {
  completeResult,
  failingTrial,
  latencyTrial,
  outageTrial,
  QUEUE,
  REST,
  resultOf,
  TARGET,
} from '../../support/result.ts';

/** A server of the user's own, which fails now and then, beside a pattern of ours. */
function targetResult(): Result {
  return resultOf(
    [TARGET, QUEUE],
    [
      ...[1, 2].map((round) => failingTrial('none', round, round)),
      ...[1, 2].map((round) => latencyTrial(round + 2, 'queue', round)),
      outageTrial(5, 'queue'),
    ],
  );
}

const RESULTS = {
  complete: completeResult(),
  troubled: troubledResult(),
  target: targetResult(),
  comparison: comparisonResult(),
  variants: variantsResult(),
  faults: shopResult(),
  contract: await contractResult(),
  empty: resultOf([REST, QUEUE], [], { state: 'interrupted' }),
} as const;
const EXTENSIONS = { table: 'txt', markdown: 'md', csv: 'csv', json: 'json' } as const;

function report(result: Result, format: string, more: Partial<Surface> = {}): string {
  return printed(viewOf(result, 'commbench-results/example.json'), format, more);
}

test('what is behind each verdict is told on request', async () => {
  const text = report(RESULTS.comparison, 'table', { explain: true });
  await expect(text).toMatchFileSnapshot('../../golden/comparison-explain-120.txt');
  expect(text).not.toContain('--explain');
  expect(report(RESULTS.comparison, 'markdown', { explain: true })).toContain('Latency: rule and figures');
  expect(report(RESULTS.comparison, 'markdown')).not.toContain('rule and figures');
});

test('of several cases the longest tables are left out until they are asked for, and so named', async () => {
  const result = casesResult();
  const text = report(result, 'table', { width: 100 });
  await expect(text).toMatchFileSnapshot('../../golden/cases-100.txt');
  expect(text.replaceAll('\n', ' ')).toContain('and by hop, as observed by its caller, from the fault on;');
  const hops = /^By hop, as observed by its caller/m;
  expect(text).not.toMatch(hops);
  expect(report(result, 'table', { explain: true })).toMatch(hops);
  expect(report(result, 'markdown')).toContain('<details><summary>By hop');
});

describe.each(Object.entries(RESULTS))('%s result', (name, result) => {
  test.each(['markdown', 'csv'] as const)('as %s', async (format) => {
    await expect(report(result, format)).toMatchFileSnapshot(`../../golden/${name}.${EXTENSIONS[format]}`);
  });
  test.each([200, 120, 80, 60])('as a table, %d columns', async (width) => {
    const text = report(result, 'table', { width });
    await expect(text).toMatchFileSnapshot(`../../golden/${name}-${width}.txt`);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
  test('as JSON it is what its schema says', () => {
    const data = reportSchema.parse(JSON.parse(report(result, 'json')));
    expect(data.file).toBe('commbench-results/example.json');
    for (const { columns } of data.tables) {
      expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
    }
  });
  test('colours change nothing but colours', () => {
    const colored = report(result, 'table', { color: true });
    expect(colored).not.toBe(report(result, 'table'));
    expect(stripVTControlCharacters(colored)).toBe(report(result, 'table'));
  });
});

test('every format says the finding first and where the file is, or is the record', () => {
  for (const format of ['table', 'markdown']) {
    const text = report(RESULTS.complete, format).replaceAll('\\', '');
    expect(text.indexOf('Service killed for 4 s: REST served')).toBeLessThan(100);
    expect(text).toContain('commbench-results/example.json');
  }
});

test('CSV keeps fields that hold commas and quotes whole', () => {
  const { title } = RESULTS.complete.scenario;
  expect(title).toContain(',');
  const lines = report(RESULTS.troubled, 'csv').trimEnd().split('\n');
  const fields = (line: string) => line.replaceAll(/"([^"]|"")*"/g, 'x').split(',').length;
  expect(new Set(lines.map(fields)).size).toBe(1);
});

test('what Markdown would take for its own is escaped', () => {
  const result = resultOf([{ ...REST, title: 'a|b <i>*c*</i>' }], [latencyTrial(1, 'rest', 1)]);
  expect(report(result, 'markdown')).toContain('| a\\|b &lt;i>\\*c\\*&lt;/i> |');
});
