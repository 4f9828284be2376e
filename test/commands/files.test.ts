import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeResult } from '../../src/record/store.ts';
import { schemaText } from '../../src/commands/schema.ts';
import { CLI, commbench } from '../support/cli.ts';
import { completeResult } from '../support/result.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const here = (args: readonly string[], env: Record<string, string> = {}) =>
  commbench(args, { cwd: folder, env });

test('init writes a scenario that can be loaded, and never over another file', () => {
  expect(here(['init', 'My Check.yaml'])).toMatchObject({ code: 0, stdout: '' });
  const written = readFileSync(path.join(folder, 'My Check.yaml'), 'utf8');
  expect(written).toContain('\nname: my-check\n');
  // Its patterns are checked before its --patterns are: a problem in the file would be told instead.
  expect(here(['run', 'My Check.yaml', '--patterns', 'none']).stderr).toContain(
    'Expected a pattern of my-check (rest, queue)',
  );

  writeFileSync(path.join(folder, 'My Check.yaml'), 'mine');
  expect(here(['init', 'My Check.yaml'])).toMatchObject({ code: 2 });
  expect(readFileSync(path.join(folder, 'My Check.yaml'), 'utf8')).toBe('mine');
  expect(here(['init', 'My Check.yaml', '--force'])).toMatchObject({ code: 0 });
  expect(readFileSync(path.join(folder, 'My Check.yaml'), 'utf8')).toBe(written);
});

test('report renders a file in every format, fitted to COLUMNS, without colours', () => {
  writeResult(path.join(folder, 'r.json'), completeResult());
  const table = here(['report', 'r.json'], { COLUMNS: '60' });
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout.split('\n').every((line) => line.length <= 60)).toBe(true);
  expect(table.stdout.startsWith('rest-vs-queue: 2 patterns, 200/s, ')).toBe(true);
  expect(table.stdout).not.toContain('\u001B');
  expect(table.stdout).toContain('\nResult: r.json\nMore: commbench report r.json --full');
  const full = here(['report', 'r.json', '--full'], { COLUMNS: '60' }).stdout;
  expect(full.startsWith('Completes soonest: REST (0.57 ms)')).toBe(true);
  expect(full.trimEnd().endsWith('Result file: r.json')).toBe(true);
  expect(here(['report', 'r.json', '--format', 'markdown']).stdout).toMatch(/^## REST against/);
  expect(here(['report', 'r.json', '--format', 'csv']).stdout).toMatch(/^section,pattern,/);
  expect(JSON.parse(here(['report', 'r.json', '--format', 'json']).stdout)).toMatchObject({
    format: 'commbench-report',
    file: 'r.json',
  });
});

test('one command writes a report for each reader beside what it prints, and never over a result', () => {
  writeResult(path.join(folder, 'r.json'), completeResult());
  const wanted = ['--report', 'junit=out/a.xml', '--report', 'csv=b.csv'];
  const printed = here(['report', 'r.json']);
  expect(here(['report', 'r.json', ...wanted])).toEqual(printed);
  const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
  expect(read('out', 'a.xml')).toBe(here(['report', 'r.json', '--format', 'junit']).stdout);
  expect(read('b.csv')).toBe(here(['report', 'r.json', '--format', 'csv']).stdout);
  const before = read('r.json');
  expect(here(['report', 'r.json', '--report', 'json=r.json'])).toMatchObject({ code: 2, stdout: '' });
  expect(read('r.json')).toBe(before);
  // One report in the place of another, and a report in that of a result.
  for (const twice of [
    ['--report', 'csv=same', '--report', 'json=./same'],
    ['--out', 'r.json'],
  ])
    expect(here(['report', 'r.json', ...twice])).toMatchObject({ code: 2, stdout: '' });
  expect(readdirSync(folder)).not.toContain('same');
  const run = (report: string) =>
    here(['run', 'rest-vs-queue', '--patterns', 'rest', '--out', 'new.json', '--report', report]);
  for (const report of ['json=./new.json', 'jsn=other', 'json', 'json=out'])
    expect(run(report)).toMatchObject({ code: 2, stdout: '' });
  expect(run('jsn=other').stderr).toContain('json');
  expect(readdirSync(folder)).not.toContain('new.json');
});

test('colours can be asked for, and NO_COLOR wins', () => {
  writeResult(path.join(folder, 'r.json'), completeResult());
  expect(here(['report', 'r.json'], { FORCE_COLOR: '1' }).stdout).toContain('\u001B[');
  expect(here(['report', 'r.json'], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain('\u001B');
});

test('list and schema answer on standard output', () => {
  expect(here(['list']).stdout).toMatch(/^ {2}rest-vs-queue +REST against/m);
  expect(JSON.parse(here(['schema']).stdout)).toMatchObject({ title: 'commbench scenario' });
});

test('a text longer than a pipe holds goes through it whole', async () => {
  // What the pipe had not taken at the end was lost: 64 KiB came out of it.
  const { stdout } = spawnSync('sh', ['-c', '"$0" "$1" schema | cat', process.execPath, CLI], {
    encoding: 'utf8',
  });
  expect(stdout.length).toBeGreaterThan(2 ** 16);
  expect(stdout).toBe(await schemaText());
});

test('where the result cannot go is told before anything is started', () => {
  mkdirSync(path.join(folder, 'taken.json'));
  writeFileSync(path.join(folder, 'notes.txt'), 'mine');
  const run = (out: string) => here(['run', 'rest-vs-queue', '--patterns', 'rest', '--out', out]);
  expect(run('taken.json')).toMatchObject({ code: 2, stdout: '' });
  expect(run('notes.txt')).toMatchObject({ code: 2, stdout: '' });
  expect(run('notes.txt/r.json')).toMatchObject({ code: 6, stdout: '' });
  expect(run('/dev/null/r.json').stderr).toContain('/dev/null/r.json cannot be written');
  expect(readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(folder).toSorted()).toEqual(['notes.txt', 'taken.json']);
});

test('a run that saved nothing does not point to what an earlier one left', () => {
  writeResult(path.join(folder, 'r.json'), completeResult());
  const remote = 'rest=http://192.0.2.1/users';
  const { code, stdout } = here(['run', 'rest-vs-queue', '--target', remote, '--out', 'r.json']);
  expect([code, stdout]).toEqual([2, '']);
});

test('an address that is not this machine is refused unless it is named', () => {
  const { code, stderr } = here([
    'run',
    'rest-vs-queue',
    '--patterns',
    'rest',
    '--target',
    'rest=http://192.0.2.1/users',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain('Expected an address of this machine, found 192.0.2.1');
  expect(stderr).toContain('--allow-remote 192.0.2.1');
});
