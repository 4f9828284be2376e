import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitOfComparison } from '../../src/commands/terminal/exit-of-verdict.ts';
import { VERDICTS } from '../../src/analysis/compare/comparison.ts';
import type { Result } from '../../src/record/record.ts';
import { writeResult } from '../../src/record/store.ts';
import { abRecordOf, type ArmShape, armResults } from '../support/records/arms.ts';
import { CI_SITUATIONS, ciTable, writeSituation } from '../support/records/ci-situations.ts';
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
/** The whole report, on one line. */
const whole = async (...args: string[]) => {
  const { code, stdout } = await compare(...args, '--full');
  return { code, text: stdout.replaceAll(/\s+/g, ' ') };
};
const write = (file: string, result: object) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeResult(path.join(folder, file), result);
};

function writeArms(shape: ArmShape, change: (candidate: Result) => Result = (same) => same): void {
  const { a, b } = armResults(shape);
  write('ab.json', abRecordOf({ a, b: change(b) }));
}

/** The same pairs, as two runs that know nothing of each other. */
function writeApart(shape: ArmShape, change: (candidate: Result) => Result): void {
  const { a, b } = armResults({ ...shape, interleaved: false });
  write('a.json', a);
  write('b.json', change(b));
}

test('every verdict has its exit code', () => {
  const codes = VERDICTS.map((verdict) => [verdict, exitOfComparison({ verdict, notes: [] })]);
  expect(codes).toEqual([
    ['improved', 0],
    ['equivalent', 0],
    ['regressed', 10],
    ['inconclusive', 11],
    ['not-comparable', 12],
  ]);
});

test.each(ciTable())('in CI: $situation: exit code $exitCode', async ({ situation, exitCode }) => {
  const made = CI_SITUATIONS[situation]!();
  expect(await compare(...writeSituation(made, write), ...made.options)).toHaveProperty('code', exitCode);
});

test('every situation of the page on CI is made, and none besides', () => {
  expect(ciTable().map(({ situation }) => situation)).toEqual(Object.keys(CI_SITUATIONS));
});

test('a pattern that was not measured on a side is an error of its own for CI servers', async () => {
  const files = writeSituation(CI_SITUATIONS['a trial failed in the head']!(), write);
  const { stdout } = await compare(...files, '--format', 'junit');
  expect(stdout).toMatch(/<testcase classname="Message queue" name="measured on both sides">\n\s*<error /);
  expect((await whole(...files)).text).toContain(
    'Message queue: 16 of 16 trials failed in the candidate: service ended with code 1.',
  );
});

describe('from two results to verdict and exit code, by the file of an `ab`', () => {
  const otherNode = (b: Result) => ({ ...b, environment: { ...b.environment, node: '24.6.0' } });
  const losing = (b: Result) => ({
    ...b,
    trials: b.trials.map((trial) => ({ ...trial, ledgers: [ledgerOf(600, { lost: 1 })] })),
  });
  const same = (b: Result) => b;
  test.each([
    ['faster by far', { pairs: 10, factor: 0.7 }, same, 0, /^Improved: REST response p50 0\.70× \[/m],
    ['as fast', { pairs: 16 }, same, 0, /^Equivalent: REST response p50 1\.00× \[/m],
    ['slower', { pairs: 10, factor: 1.3 }, same, 10, /^Regressed: REST response p50 1\.30× \[/m],
    [
      'faster, and it loses',
      { pairs: 10, factor: 0.7 },
      losing,
      10,
      /^Regressed: REST lost 10 of .* \(baseline 0 of /m,
    ],
    ['too few pairs', { pairs: 1 }, same, 11, /^Inconclusive: REST response p50: 1 pair, too few/m],
  ] as const)('%s', async (_, shape, change, code, headline) => {
    writeArms(shape, change);
    const ran = await compare('ab.json');
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).toMatch(headline);
  });

  test('what differs between the arms was asked for, and stands in no way', async () => {
    writeArms({ pairs: 16 }, (b) => ({ ...b, scenario: { ...b.scenario, deadlineMs: 900 } }));
    expect(await compare('ab.json')).toMatchObject({ code: 0, stderr: '' });
  });

  test('another Node is not comparable, until it is declared by the name that the report gives it', async () => {
    writeApart({ pairs: 16, factor: 2.5 }, otherNode);
    const ran = await compare('a.json', 'b.json');
    expect(ran).toMatchObject({ code: 12, stderr: '' });
    expect(ran.stdout).toMatch(/^Not comparable: node differs \(.* → 24\.6\.0\)/m);
    const text = ran.stdout.replaceAll(/\s+/g, ' ');
    const [, name] = /--declare "([^"]+)"/.exec(text)!;
    expect(await compare('a.json', 'b.json', '--declare', name!)).toMatchObject({ code: 10 });
  });

  test('a wider margin lets more pass', async () => {
    writeArms({ pairs: 16, factor: 1.1 });
    const codes = [await compare('ab.json'), await compare('ab.json', '--margin', '20%')];
    expect(codes.map(({ code }) => code)).toEqual([10, 0]);
  });
});

test('apart from each other, as folders of results: unpaired, and other files are passed over', async () => {
  const { a, b } = armResults({ pairs: 5, factor: 1.05, interleaved: false });
  for (const n of [1, 2, 3]) {
    write(`before/${n}.json`, a);
    write(`after/${n}.json`, b);
  }
  writeFileSync(path.join(folder, 'before/notes.json'), '{"mine": 1}');
  const { code, text } = await whole('before', 'after');
  expect(code).toBe(11);
  expect(text).toContain('How: not interleaved');
  expect(text).toContain('Baseline: REST against');
  expect(text).toContain('(before/1.json, before/2.json, before/3.json)');
});

test('several `ab` of one thing, by the folder in which they are: their pairs together', async () => {
  const { a, b } = armResults({ pairs: 5, factor: 1.3 });
  for (const id of ['one', 'two']) {
    const named = (result: Result) => ({ ...result, interleave: { ...result.interleave!, id } });
    write(`both/${id}.json`, abRecordOf({ a: named(a), b: named(b) }));
  }
  const { code, text } = await whole('both');
  expect(code).toBe(10);
  expect(text).toMatch(/^Regressed: REST response p50 .* over 10 pairs/);
  expect(text).toContain('How: interleaved pairs');
});

test('one arm of an `ab` is a result as any other', async () => {
  writeArms({ pairs: 10, factor: 1.3 });
  expect((await whole('ab.json#a', 'ab.json#b')).text).toBe((await whole('ab.json')).text);
  const { code, text } = await whole('ab.json#b', 'ab.json#a');
  expect(code).toBe(0);
  expect(text).toMatch(/^Improved: REST response p50 .*How: interleaved pairs/);
  expect(text).toContain('Candidate: arm a (ab.json#a)');
});

test('the report may go to a file, in any format, and the exit code stays', async () => {
  writeArms({ pairs: 10, factor: 1.3 });
  const out = path.join(folder, 'report');
  for (const [format, start] of [
    ['markdown', '## arm b against arm a'],
    ['junit', '<?xml'],
    ['csv', 'section,'],
    ['table', 'arm b against arm a: interleaved pairs'],
  ] as const) {
    expect(await compare('ab.json', '--format', format, '--out', out)).toMatchObject({
      code: 10,
      stdout: '',
    });
    expect(readFileSync(out, 'utf8').startsWith(start)).toBe(true);
  }
  expect(await compare('ab.json', '--out', 'ab.json/report')).toMatchObject({ code: 6, stdout: '' });
});

test('what cannot be one side of a comparison is bad input, with what to do', async () => {
  writeArms({ pairs: 2 });
  write('mixed/other.json', {
    ...completeResult(),
    scenario: { ...completeResult().scenario, name: 'other' },
  });
  write('mixed/complete.json', completeResult());
  writeFileSync(path.join(folder, 'cut.json'), '{"format":"commbench-result","version":2,');
  expect((await compare('ab.json', 'mixed/other.json')).stderr).toContain(
    'ab.json is a result of `commbench ab`, not of a run\n  → Name one of its parts: ab.json#a or ab.json#b.',
  );
  expect((await compare('mixed', 'ab.json#a')).stderr).toContain(
    'mixed has results of several scenarios: rest-vs-queue, other',
  );
  for (const args of [
    ['ab.json', 'ab.json'],
    ['mixed', 'ab.json#a'],
    ['cut.json', 'ab.json#b'],
    ['mixed/complete.json'],
    ['nowhere', 'ab.json#b'],
    ['ab.json#c', 'ab.json#b'],
    ['mixed'],
  ]) {
    const { code, stdout, stderr } = await compare(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^commbench: .+\n {2}→ /);
  }
});

test('a result is not compared with itself, nor replaced by a report of it', async () => {
  writeArms({ pairs: 2 });
  mkdirSync('ab');
  const before = readFileSync(path.join(folder, 'ab.json'), 'utf8');
  expect(await compare('ab.json#a', './ab/../ab.json#a')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The same result is on both sides: .*ab\.json#a/),
  });
  expect(await compare('ab.json', '--out', 'ab.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ab.json is a result, which a report would overwrite'),
  });
  expect(readFileSync(path.join(folder, 'ab.json'), 'utf8')).toBe(before);
});

test('the program itself ends so', () => {
  writeArms({ pairs: 10, factor: 1.3 });
  const ran = commbench(['compare', 'ab.json', '--format', 'markdown'], { cwd: folder });
  expect(ran).toMatchObject({ code: 10, stderr: '' });
  expect(ran.stdout).toMatch(/^## arm b against arm a\n\n\*\*Regressed: REST response p50 /);
});
