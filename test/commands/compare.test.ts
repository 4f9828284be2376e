import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT_OF_VERDICT } from '../../src/commands/terminal/exit-of-verdict.ts';
import { VERDICTS } from '../../src/analysis/compare/comparison.ts';
import type { Result } from '../../src/record/record.ts';
import { writeResult } from '../../src/record/store.ts';
import { type ArmShape, armResults } from '../support/records/arms.ts';
import { commbench } from '../support/cli.ts';
import { commbenchInside } from '../support/cli-inside.ts';
import { completeResult, ledgerOf } from '../support/result.ts';

const startedIn = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-compare-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(startedIn);
  rmSync(folder, { recursive: true });
});

const compare = (...args: string[]) => commbenchInside(['compare', ...args]);
const write = (file: string, result: Result) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeResult(path.join(folder, file), result);
};

function writeArms(shape: ArmShape, change: (candidate: Result) => Result = (same) => same): void {
  const { a, b } = armResults(shape);
  write('ab/a.json', a);
  write('ab/b.json', change(b));
}

test('every verdict has its exit code', () => {
  expect(VERDICTS.map((verdict) => [verdict, EXIT_OF_VERDICT[verdict]])).toEqual([
    ['improved', 0],
    ['equivalent', 0],
    ['regressed', 10],
    ['inconclusive', 11],
    ['not-comparable', 12],
  ]);
});

describe('from two results to verdict and exit code, by the folder of an `ab`', () => {
  const otherNode = (b: Result) => ({ ...b, environment: { ...b.environment, node: '24.6.0' } });
  const losing = (b: Result) => ({
    ...b,
    trials: b.trials.map((trial) => ({ ...trial, ledgers: [ledgerOf(600, { lost: 1 })] })),
  });
  const same = (b: Result) => b;
  test.each([
    ['faster by far', { pairs: 10, factor: 0.7 }, same, 0, /^Improved: REST is 30 % faster, /],
    ['as fast', { pairs: 16 }, same, 0, /^Equivalent: REST is as fast as the baseline, /],
    ['slower', { pairs: 10, factor: 1.3 }, same, 10, /^Regressed: REST is 3\d % slower, /],
    ['faster, and it loses', { pairs: 10, factor: 0.7 }, losing, 10, /^Regressed: REST lost 10 of 6,000/],
    ['too few pairs', { pairs: 1 }, same, 11, /^Inconclusive: REST is inconclusive/],
    [
      'another Node',
      { pairs: 10 },
      otherNode,
      12,
      /^Not comparable: what should be the same differs: .*24\.6\.0/,
    ],
  ] as const)('%s', async (_, shape, change, code, headline) => {
    writeArms(shape, change);
    const ran = await compare('ab');
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout.replaceAll('\n', ' ')).toMatch(headline);
  });

  test('a confounder that is declared stands in the way no more, by the name that the report gives it', async () => {
    writeArms({ pairs: 16 }, otherNode);
    const [, name] = /--declare "([^"]+)"/.exec((await compare('ab')).stdout.replaceAll(/\s+/g, ' '))!;
    expect(await compare('ab', '--declare', name!)).toMatchObject({ code: 0 });
  });

  test('a wider margin lets more pass', async () => {
    writeArms({ pairs: 16, factor: 1.1 });
    expect([(await compare('ab')).code, (await compare('ab', '--margin', '20%')).code]).toEqual([10, 0]);
  });
});

test('apart from each other, as folders of results: unpaired, and other files are passed over', async () => {
  const { a, b } = armResults({ pairs: 5, factor: 1.05, interleaved: false });
  for (const n of [1, 2, 3]) {
    write(`before/${n}.json`, a);
    write(`after/${n}.json`, b);
  }
  writeFileSync(path.join(folder, 'before/notes.json'), '{"mine": 1}');
  const { code, stdout } = await compare('before', 'after', '--format', 'json');
  const comparison = JSON.parse(stdout) as { how: string; baseline: { files: string[] } };
  expect(code).toBe(11);
  expect(comparison.how).toBe('unpaired');
  expect(comparison.baseline.files).toEqual(['before/1.json', 'before/2.json', 'before/3.json']);
});

test('the report may go to a file, in any format, and the exit code stays', async () => {
  writeArms({ pairs: 10, factor: 1.3 });
  const out = path.join(folder, 'report');
  for (const [format, start] of [
    ['markdown', '## arm b against arm a'],
    ['junit', '<?xml'],
    ['csv', 'section,'],
    ['table', 'Regressed: REST'],
  ] as const) {
    expect(await compare('ab', '--format', format, '--out', out)).toMatchObject({ code: 10, stdout: '' });
    expect(readFileSync(out, 'utf8').startsWith(start)).toBe(true);
  }
  expect(await compare('ab', '--out', 'nowhere/report')).toMatchObject({ code: 6, stdout: '' });
});

test('what cannot be one side of a comparison is bad input, with what to do', async () => {
  writeArms({ pairs: 2 });
  write('mixed/other.json', {
    ...completeResult(),
    scenario: { ...completeResult().scenario, name: 'other' },
  });
  write('mixed/complete.json', completeResult());
  writeFileSync(path.join(folder, 'cut.json'), '{"format":"commbench-result","version":1,');
  expect((await compare('ab', 'ab')).stderr).toContain(
    'Expected results of one arm on one side, found arm a of ab-1, arm b',
  );
  expect((await compare('mixed', 'ab/a.json')).stderr).toContain(
    'Expected results of one scenario on one side, found rest-vs-queue, other in mixed',
  );
  const { a, b } = armResults({ pairs: 2 });
  write('late/a.json', a);
  write('late/b.json', { ...b, interleave: { ...b.interleave!, id: 'another' } });
  for (const args of [
    ['ab', 'ab'],
    ['mixed', 'ab/a.json'],
    ['cut.json', 'ab/b.json'],
    ['ab/a.json'],
    ['nowhere', 'ab/b.json'],
    ['late'],
  ]) {
    const { code, stdout, stderr } = await compare(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^commbench: Expected .*, found .*\n {2}→ /);
  }
});

test('a result is not compared with itself, nor replaced by a report of it', async () => {
  writeArms({ pairs: 2 });
  const before = readFileSync(path.join(folder, 'ab/a.json'), 'utf8');
  expect(await compare('ab/a.json', './ab/../ab/a.json')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Expected other results on either side, found .*a\.json on both/),
  });
  expect(await compare('ab', '--out', 'ab/a.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('found the result ab/a.json'),
  });
  expect(readFileSync(path.join(folder, 'ab/a.json'), 'utf8')).toBe(before);
});

test('the program itself ends so', () => {
  writeArms({ pairs: 10, factor: 1.3 });
  const ran = commbench(['compare', 'ab', '--format', 'markdown'], { cwd: folder });
  expect(ran).toMatchObject({ code: 10, stderr: '' });
  expect(ran.stdout).toMatch(/^## arm b against arm a\n\n\*\*Regressed: REST is /);
});
