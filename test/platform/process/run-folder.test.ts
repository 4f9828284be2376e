import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify } from '../../../src/platform/process/proc.ts';
import { listRunFiles, readRunFile, stateFolder } from '../../../src/platform/process/run-file.ts';
import { openRunFolder } from '../../../src/platform/process/run-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cb-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('a run folder is private, known to the run file, and gone with it in the end', () => {
  const run = openRunFolder();
  expect(statSync(run.folder).mode & 0o777).toBe(0o700);
  const [file] = listRunFiles();
  const cli = { role: 'cli', name: 'commbench', ...identify(process.pid) };
  expect(readRunFile(file!)).toMatchObject({ mark: run.mark, folder: run.folder, processes: [cli] });
  run[Symbol.dispose]();
  expect(existsSync(run.folder)).toBe(false);
  expect(listRunFiles()).toEqual([]);
});

test('marks differ', () => {
  using one = openRunFolder();
  using other = openRunFolder();
  expect(one.mark).not.toBe(other.mark);
});

test('a temporary folder whose path is too long for sockets is not used', () => {
  const long = path.join(folder, 'x'.repeat(80));
  mkdirSync(long);
  vi.stubEnv('TMPDIR', long);
  using run = openRunFolder();
  expect(path.dirname(run.folder)).toBe('/tmp');
});

test('without a runtime folder of our own the state is kept in the temporary folder', () => {
  vi.stubEnv('XDG_RUNTIME_DIR', '/nonexistent');
  expect(stateFolder()).toBe(path.join(folder, `commbench-${process.getuid!()}`));
  expect(statSync(stateFolder()).mode & 0o777).toBe(0o700);
});

test('a state folder in which others could write is refused: they could make us end and remove things', () => {
  chmodSync(stateFolder(), 0o777);
  expect(() => openRunFolder()).toThrow(/to be a folder of this user alone/);
});
