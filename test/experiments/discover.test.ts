import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commandName } from '../../src/commands/terminal/command-definition.ts';
import { experimentNames, loadExperiment } from '../../src/experiments/discover.ts';
import { readRecord } from '../../src/experiments/read-record.ts';
import { completeResult } from '../support/result.ts';

test('experiments are found by their folders', () => {
  const known = ['ab', 'calibrate', 'crossover', 'run', 'selftest', 'sweep'];
  expect(experimentNames()).toEqual(expect.arrayContaining(known));
});

test.each(experimentNames())('%s has a command of its name, and its records bear its name', async (name) => {
  const { commands, record } = await loadExperiment(name);
  // One without commands is begun by another's: `sweep --vary`.
  if (commands.length > 0) expect(commands.map(commandName)).toContain(name);
  const parsed = (await record?.())?.schema.safeParse({ ...completeResult(), experiment: 'another' });
  const paths = parsed?.error?.issues.map((issue) => issue.path.join('.')) ?? ['experiment'];
  expect(paths).toContain('experiment');
});

test('a record of an experiment that this commbench does not have is told apart', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-read-'));
  try {
    for (const experiment of ['no-such', 'selftest']) {
      writeFileSync(path.join(folder, 'r.json'), JSON.stringify({ ...completeResult(), experiment }));
      await expect(readRecord(path.join(folder, 'r.json'))).rejects.toThrow(
        `is of an experiment that this version of commbench does not have: ${experiment}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
