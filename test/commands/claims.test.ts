import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReportData } from '../../src/report/json/report-schema.ts';
import { writeResult } from '../../src/record/store.ts';
import { commbench } from '../support/cli.ts';
import { completeResult } from '../support/result.ts';
import { type Fate, toldResult } from '../support/fault-results.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-claims-'));
  mkdirSync(path.join(folder, 'results'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const claims = (...args: string[]) => commbench(['claims', ...args], { cwd: folder });
const claimIn = (stdout: string, id: string) => {
  const { findings } = JSON.parse(stdout) as ReportData;
  return findings.find(({ code, subject }) => code === 'claim' && subject[0]?.id === id)!;
};

async function writeHang(file: string, timeout: Fate, startedAt: string): Promise<void> {
  const none: Fate = { correct: { createUser: 0, getUser: 0.2 } };
  const result = await toldResult('hang', ({ variant }) => (variant === 'none' ? none : timeout));
  writeResult(path.join(folder, file), { ...result, startedAt });
}

test('without a result it says what to run and by which rule, and so with --rules', async () => {
  const bare = claims();
  expect(bare).toMatchObject({ code: 0, stderr: '' });
  expect(bare.stdout).toMatch(/^\d+ claims can be tested, \d+ not yet\. Run the command of a claim/m);
  await writeHang('results/hang.json', {}, '2026-11-02T10:00:00.000Z');
  expect(claims('--rules').stdout).toBe(bare.stdout);
  expect(claimIn(claims('--rules', '--format', 'json').stdout, '8')).not.toHaveProperty('verdict');
});

test('the newest result of the folder decides; a file that is named decides alone', async () => {
  const harmed: Fate = { correct: { createUser: 0, getUser: 0.2 } };
  await writeHang('results/hang-2.json', harmed, '2026-11-02T10:00:00.000Z');
  await writeHang('results/hang-1.json', {}, '2026-11-01T10:00:00.000Z');
  writeFileSync(path.join(folder, 'results/notes.json'), '{"mine": 1}');
  expect(claimIn(claims('--format', 'json').stdout, '8')).toMatchObject({
    verdict: 'contradicted',
    terms: { file: 'results/hang-2.json' },
  });
  const named = claims('results/hang-1.json', '--format', 'json').stdout;
  expect(claimIn(named, '8')).toMatchObject({ verdict: 'supported' });
  expect(claims('--format', 'markdown').stdout).toMatch(/^\| 8 \| .*\| contradicted \|/m);
});

test('a result of something else decides nothing', () => {
  writeResult(path.join(folder, 'other.json'), completeResult());
  const { code, stdout } = claims('other.json', '--format', 'json');
  expect(code).toBe(0);
  expect(claimIn(stdout, '8').verdict).toBe('inconclusive');
});

test('a bad result file is bad input, named or found', async () => {
  writeFileSync(path.join(folder, 'notes.json'), '{"mine": 1}');
  expect(claims('notes.json')).toMatchObject({ code: 2, stdout: '' });
  expect(claims('gone.json').stderr).toContain('gone.json');
  await writeHang('results/hang.json', {}, '2026-11-02T10:00:00.000Z');
  writeFileSync(
    path.join(folder, 'results/cut.json'),
    '{"format":"commbench-result","version":1,"scenario":',
  );
  expect(claims()).toMatchObject({ code: 2, stdout: '' });
});
