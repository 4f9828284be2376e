import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeResult } from '../../src/record/store.ts';
import { commbench } from '../support/cli.ts';
import { completeResult } from '../support/result.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-page-'));
  writeResult(path.join(folder, 'r.json'), completeResult());
});
afterEach(() => rmSync(folder, { recursive: true }));

const here = (args: readonly string[], env: Record<string, string> = {}) =>
  commbench(args, { cwd: folder, env });
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

/** A browser that writes down what it is to open. */
function browser(): Record<string, string> {
  const file = path.join(folder, 'xdg-open');
  writeFileSync(file, '#!/bin/sh\necho "$1" > opened.txt.new && mv opened.txt.new opened.txt\n');
  chmodSync(file, 0o755);
  return { PATH: `${folder}:${process.env['PATH']}` };
}

async function fileAt(name: string): Promise<string> {
  while (!existsSync(path.join(folder, name))) await new Promise(setImmediate);
  return read(name);
}

test('--open writes a page beside the result, and gives it to the browser', async () => {
  expect(here(['report', 'r.json', '--open'], browser())).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(read('r.html')).toMatch(/^<!doctype html>/);
  expect(await fileAt('opened.txt')).toMatch(/^file:\/\/.*\/r\.html\n$/);
});

test('without a browser it says where the page is', () => {
  const { code, stderr } = here(['report', 'r.json', '--open'], { PATH: '' });
  expect([code, stderr]).toEqual([0, 'No browser could be started: open r.html\n']);
});

test('--out takes any format, and never the place of the result', () => {
  expect(here(['report', 'r.json', '--format', 'html', '--out', 'p.html'])).toMatchObject({
    code: 0,
    stdout: '',
  });
  expect(read('p.html')).toContain('Download the record');
  const before = read('r.json');
  expect(here(['report', 'r.json', '--format', 'csv', '--out', 'r.json'])).toMatchObject({ code: 2 });
  expect(read('r.json')).toBe(before);
  expect(here(['report', 'r.json', '--format', 'csv', '--open'])).toMatchObject({ code: 2 });
});

test('several results are one report: each finding, overlaid where that is fair, else why not', () => {
  const result = completeResult();
  writeResult(path.join(folder, 'same.json'), { ...result, seed: result.seed + 1 });
  writeResult(path.join(folder, 'other.json'), {
    ...result,
    environment: { ...result.environment, node: '18.0.0' },
  });
  const { stdout, code } = here(['report', 'r.json', 'same.json', 'other.json', '--format', 'json']);
  expect(code).toBe(0);
  const { tables, charts, warnings } = JSON.parse(stdout) as {
    tables: { id: string; rows: { title: string; cells: { overlaid: { text: string } } }[] }[];
    charts: { id: string; series: { title: string }[] }[];
    warnings: { text: string }[];
  };
  const rows = tables.find(({ id }) => id === 'results')!.rows;
  expect(rows.map(({ title, cells }) => [title, cells.overlaid.text.split(':')[0]])).toEqual([
    ['r', 'yes'],
    ['same', 'yes'],
    ['other', 'no'],
  ]);
  expect(warnings[0]!.text).toMatch(/^other is drawn apart: node differs/);
  const overview = charts.find(({ id }) => id === 'overview')!;
  expect(overview.series.slice(0, 2).map(({ title }) => title)).toEqual(['REST: r', 'REST: same']);
  expect(charts.some(({ id }) => id === 'other-overview')).toBe(true);
});
