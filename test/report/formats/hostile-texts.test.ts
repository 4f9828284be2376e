import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Result } from '../../../src/record/record.ts';
import { loadReporter } from '../../../src/report/reporters.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { completeResult } from '../../support/result.ts';

const ROBUSTNESS = path.resolve(import.meta.dirname, '../../commands/fixtures/robustness');
const SURFACE = { width: 120, height: 200, color: false, program: 'commbench', full: true, explain: true };

/** Titles of one who means harm; those of the first are of a real scenario. */
const scenario = parse(readFileSync(path.join(ROBUSTNESS, 'escapes-in-titles.yaml'), 'utf8')) as Pick<
  Result['scenario'],
  'title' | 'patterns'
>;
const ci = JSON.parse(readFileSync(path.join(ROBUSTNESS, 'ci-newline-a.json'), 'utf8')) as {
  readonly patterns: readonly { readonly title: string; readonly client: string }[];
  readonly environment: { readonly cpu: string };
};
const TITLES: readonly string[] = [
  scenario.patterns[0]!.title,
  ci.patterns[0]!.title,
  '@SUM(1)\u202E | <b>bold</b> ![x](http://e/x.png) ~~no~~ www.e.org @octocat #12 GH-3',
  "-1+cmd|' /C calc'!A0",
];

function hostileResult(title: string): Result {
  const result = completeResult();
  const { patterns, trials } = result;
  return {
    ...result,
    scenario: { ...result.scenario, title: scenario.title },
    environment: { ...result.environment, ...ci.environment },
    patterns: patterns.map((pattern) => ({ ...pattern, title, client: ci.patterns[0]!.client })),
    trials: [
      ...trials.slice(0, -1).map((trial) => ({ ...trial, notes: [title] })),
      { ...trials.at(-1)!, state: 'failed', failure: title },
    ],
  };
}

async function report(format: string, title: string, surface = SURFACE): Promise<string> {
  return (await loadReporter(format))(viewOf(hostileResult(title), `results/${title}.json`), surface);
}

const OF_RECORDS = ['windows', 'hlog', 'prometheus', 'openmetrics', 'otlp'];

describe.each(['table', 'markdown', 'csv', 'junit', 'json', ...OF_RECORDS])('%s', (format) => {
  test.each(TITLES)('%j steers no terminal and commands no runner', async (title) => {
    const needsThresholds = format === 'junit';
    const text = needsThresholds ? await junitOf(title) : await report(format, title);
    // oxlint-disable-next-line no-control-regex -- none may be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    expect(text).not.toMatch(/^\s*::[a-z]|##\[/im);
  });
});

/** It has something to check. */
async function junitOf(title: string): Promise<string> {
  const result = hostileResult(title);
  const thresholds = ['response p50 < 1s'];
  const view = viewOf({ ...result, scenario: { ...result.scenario, thresholds } }, `results/${title}.json`);
  return (await loadReporter('junit'))(view, SURFACE);
}

test('a screen too', async () => {
  const text = await report('table', TITLES[0]!, { ...SURFACE, height: 40, full: false, explain: false });
  expect(text).toContain('␛[8m');
  expect(text).not.toContain('\u001B');
});

test('JSON holds what was there', async () => {
  const { title } = JSON.parse(await report('json', TITLES[0]!)) as { title: string };
  expect(title).toContain(scenario.title);
});

describe('Markdown', () => {
  test('no tag, link, mention, reference or picture is left', async () => {
    for (const title of TITLES) {
      const text = (await report('markdown', title)).replaceAll('<!-- -->', '·');
      const tags = [...text.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name);
      expect(new Set(tags)).toEqual(new Set(['details', 'summary', 'br', 'sub']));
      expect(text).not.toMatch(/(?<!\\)\]\(/);
      expect(text).not.toMatch(/@\w|#\d|:\/\/|www\.\w|GH-\d|(?<!\\)~~/);
    }
  });

  test('a cell stays in its cell: every row has as many as the head', async () => {
    const lines = (await report('markdown', TITLES[2]!)).split('\n').filter((line) => line.startsWith('|'));
    const cells = (line: string) => line.match(/(?<!\\)\|/g)!.length;
    const heads = lines.flatMap((line, i) => (/^\| :?-/.test(lines[i + 1] ?? '') ? [i] : []));
    expect(heads.length).toBeGreaterThan(1);
    for (const [n, head] of heads.entries()) {
      const rows = lines.slice(head, heads[n + 1]);
      expect(new Set(rows.map(cells))).toEqual(new Set([cells(lines[head]!)]));
    }
  });
});

describe('CSV', () => {
  test('no field is a formula, and figures stay figures', async () => {
    const { csv } = (await import('../../../src/report/formats/csv.ts')) as never as {
      csv: (...of: unknown[]) => string;
    };
    const cell = (text: string) => ({
      text,
      value: -0.5,
      unit: 'text',
      below: null,
      marks: [],
      tone: 'plain',
    });
    const texts = [
      '=1+1',
      '@SUM(1)',
      '+1+cmd|x',
      '-2+3',
      '\t=1',
      '＝1',
      '-0.5',
      '+5.7 points [+4.9 to +6.6]',
      '− none',
    ];
    const table = {
      id: 't',
      columns: [{ id: 'c', title: 'C', align: 'left' }],
      rows: texts.map((text) => ({ pattern: 'rest', title: 'REST', part: null, cells: [cell(text)] })),
    };
    const lines = csv({ tables: [table], caveats: { footnotes: [] } }, SURFACE)
      .split('\n')
      .slice(1, -1);
    expect(lines.map((line) => line.split(',')[6])).toEqual([
      "'=1+1",
      "'@SUM(1)",
      "'+1+cmd|x",
      "'-2+3",
      "'\t=1",
      "'＝1",
      '-0.5',
      '+5.7 points [+4.9 to +6.6]',
      '− none',
    ]);
    expect(new Set(lines.map((line) => line.split(',')[4]))).toEqual(new Set(['-0.5']));
  });
});
