import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPlanFile } from '../../src/plan/plan-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-plan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(plan: object): string {
  const file = path.join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

test('a plan is read as it was written', () => {
  const plan = { version: 1, options: { connections: 4 } };
  expect(readPlanFile(written(plan))).toEqual(plan);
});

test('a plan of another version is refused, with its file', () => {
  expect(() => readPlanFile(written({ version: 2 }))).toThrow(/Expected version 1 in .*plan\.json, found 2/);
});
