import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ResultHead } from '../../src/commands/results/heads.ts';
import { prunable } from '../../src/commands/results/prune.ts';
import { writeResult } from '../../src/record/store.ts';
import { commbench } from '../support/cli.ts';
import { completeResult } from '../support/result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
  mkdirSync(path.join(place.path, 'results'));
});
afterEach(() => place[Symbol.dispose]());

const results = (...args: string[]) => commbench(['results', ...args], { cwd: place.path });

function store(name: string, startedAt: string, scenario = 'rest-vs-queue'): void {
  const result = completeResult();
  const named = { ...result, startedAt, scenario: { ...result.scenario, name: scenario } };
  writeResult(path.join(place.path, 'results', name), named);
}

function storeThree(): void {
  store('old.json', '2026-10-01T10:00:00.000Z');
  store('new.json', '2026-11-01T10:00:00.000Z');
  store('other.json', '2026-09-01T10:00:00.000Z', 'quick');
  writeFileSync(path.join(place.path, 'results/mine.json'), '{"precious": true}');
}

test('list shows results, the newest first, and no other files', () => {
  storeThree();
  const { code, stdout } = results('list');
  expect(code).toBe(0);
  expect(stdout.match(/results\/\w+\.json/g)).toEqual([
    'results/new.json',
    'results/old.json',
    'results/other.json',
  ]);
  expect(stdout).toContain('14 of 14');
  // Alone it lists, too.
  expect(results().stdout).toBe(stdout);
});

test('list names what it cannot read, and goes on', () => {
  store('new.json', '2026-11-01T10:00:00.000Z');
  writeFileSync(path.join(place.path, 'results/later.json'), '{"format":"commbench-result","version":99}');
  const { stdout, stderr } = results('list', '--json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    heads: [{ file: 'results/new.json', scenario: 'rest-vs-queue', trials: 14, validTrials: 14 }],
    unreadable: [{ file: 'results/later.json', problem: expect.stringContaining('version 99') as unknown }],
  });
});

test('show takes a file, a scenario, or the newest result', () => {
  storeThree();
  const { stdout } = results('show');
  expect(stdout).toContain('result    results/new.json');
  expect(stdout).toContain('14 trials');
  expect(stdout).toMatch(/13 {2}round 6 {2}queue, service-outage: valid, faulted \(5 s\)/);
  expect(results('show', 'quick').stdout).toContain('result    results/other.json');
  expect(results('show', 'results/old.json').stdout).toContain('result    results/old.json');
  expect(results('show', 'quik')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean quick?') as unknown,
  });
});

test('prune shows what it would delete, and deletes with --yes, its page too; never another file', () => {
  storeThree();
  for (const page of ['old.html', 'new.html', 'mine.html'])
    writeFileSync(path.join(place.path, 'results', page), '');
  const is = (name: string) => existsSync(path.join(place.path, 'results', name));
  const shown = results('prune', '--keep', '1');
  expect(shown.stdout).toContain('would delete results/old.json\n1 result');
  expect(is('old.json')).toBe(true);
  expect(results('prune', '--keep', '1', '--yes').stdout).toContain('deleted results/old.json');
  expect(['old.json', 'new.json', 'other.json', 'mine.json'].map(is)).toEqual([false, true, true, true]);
  expect(['old.html', 'new.html', 'mine.html'].map(is)).toEqual([false, true, true]);
  expect(results('prune')).toMatchObject({ code: 2, stdout: '' });
});

describe('what is old', () => {
  const DAY_MS = 86_400_000;
  const head = (more: Partial<ResultHead>): ResultHead => ({
    file: 'a',
    bytes: 1,
    changedMs: 0,
    scenario: 's',
    experiment: 'run',
    startedAt: '',
    state: 'complete',
    patterns: 1,
    trials: 1,
    validTrials: 1,
    ...more,
  });
  const at = (day: number, more: Partial<ResultHead> = {}) =>
    head({ file: `${day}`, startedAt: new Date(day * DAY_MS).toISOString(), ...more });
  const files = (heads: readonly ResultHead[], rule: Parameters<typeof prunable>[1], day: number) =>
    prunable(heads, rule, day * DAY_MS).map(({ file }) => file);

  test('the newest of each scenario and command stay', () => {
    const heads = [at(1), at(2), at(3), at(4, { experiment: 'ab' }), at(5, { scenario: 't' })];
    expect(files(heads, { keep: 1, olderThanMs: 0 }, 10)).toEqual(['2', '1']);
  });

  test('both limits must be passed', () => {
    expect(files([at(1), at(5), at(9)], { keep: 1, olderThanMs: 6 * DAY_MS }, 10)).toEqual(['1']);
  });

  test('a run in progress stays, and one that was killed days ago does not', () => {
    const running = at(9, { state: 'running', changedMs: 9.9 * DAY_MS });
    const killed = at(2, { state: 'running', changedMs: 2 * DAY_MS });
    expect(files([running, killed], { keep: 0, olderThanMs: 0 }, 10)).toEqual(['2']);
  });

  test('one whose date cannot be read stays', () => {
    expect(files([head({ startedAt: 'undefined' })], { keep: 0, olderThanMs: 0 }, 10)).toEqual([]);
  });
});
