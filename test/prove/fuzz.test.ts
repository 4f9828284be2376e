import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseOf, runCase } from '../../prove/fuzz/case.ts';
import { runRange } from '../../prove/fuzz/run-range.ts';
import { emptySummary, withOutcome } from '../../prove/fuzz/summary.ts';

/** A small part of `npm run prove -- fuzz`, always the same. */
const SEED = 20_260;
const COUNT = 120;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-fuzz-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('files changed at random are read or refused, in one message with place and hint', async () => {
  const failed = [];
  for (let id = 0; id < COUNT; id++) {
    const outcome = await runCase(caseOf(SEED, id), folder);
    if (outcome.problems.length > 0) failed.push(outcome);
  }
  expect(failed).toEqual([]);
});

test('a case is the same on every machine, and every other number another one', () => {
  const text = (seed: number, id: number) => Buffer.from(caseOf(seed, id).file).toString('base64');
  expect(text(1, 0)).toBe(text(1, 0));
  expect(text(1, 0)).not.toBe(text(2, 0));
  expect(text(1, 0)).not.toBe(text(1, 4));
});

test('in a process of their own they come to the same, and go into the summary', async () => {
  let summary = emptySummary(SEED, 'abc');
  for await (const ended of runRange(SEED, 0, 8)) {
    const { code } = await runCase(caseOf(SEED, ended.id), folder);
    expect(ended).toMatchObject({ code, problems: [] });
    summary = withOutcome(summary, ended);
  }
  expect(summary).toMatchObject({
    cases: 8,
    failed: [],
    kinds: { scenario: { cases: 2 }, proto: { cases: 2 } },
  });
});
