import path from 'node:path';
import { expect, test } from 'vitest';
import { formatNames, loadReporter } from '../../src/report/reporters.ts';
import { viewOf } from '../../src/report/view-of.ts';
import { completeResult } from '../support/result.ts';

const FIXTURES = path.join(import.meta.dirname, 'formats/fixtures');
const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: false, explain: false };

test('formats are those in the folder', () => {
  expect(formatNames()).toEqual(expect.arrayContaining(['csv', 'json', 'junit', 'markdown', 'table']));
});

test('a format of the user’s own is loaded by its path', async () => {
  const reporter = await loadReporter(path.join(FIXTURES, 'mine.js'));
  const report = viewOf(completeResult());
  expect(reporter(report, SURFACE)).toBe(`${report.meta.title}, 120 columns\n`);
});

test('or by the name of a package, as the user’s project has it installed', async () => {
  // It exports no reporter, but it is found.
  await expect(loadReporter('yaml')).rejects.toThrow('--format yaml exports no reporter');
});

test('one that is not there is refused, with the nearest', async () => {
  await expect(loadReporter('./nowhere.js')).rejects.toThrow('--format ./nowhere.js: file not found');
  await expect(loadReporter('markdwon')).rejects.toMatchObject({
    code: 'bad-option',
    hint: expect.stringContaining('Did you mean markdown? Use one of csv, html, json,') as unknown,
  });
});

test('what to run next begins as the program was called', async () => {
  const table = await loadReporter('table');
  const report = viewOf(completeResult(), 'results/a.json');
  const last = (program: string) =>
    table(report, { ...SURFACE, program })
      .trimEnd()
      .split('\n')
      .at(-1);
  expect(last('commbench')).toMatch(/^More: commbench report results\/a\.json/);
  expect(last('npx commbench')).toMatch(/^More: npx commbench report results\/a\.json/);
});
