import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Envelope, Stage } from '../../../src/kernel/envelope.ts';
import type { EffectWriter } from '../../../src/measure/logs/effect-log.ts';
import { seedDefects, type SeededDefectRecord } from '../../../src/components/service/seeded-defects.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-seeded defects-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function testbed(seededDefects: { lose?: number[]; double?: number[]; reorder?: number[] }) {
  const written: number[] = [];
  const effects: EffectWriter = {
    write: (e) => written.push(e.sequence),
    [Symbol.dispose]: () => written.push(-1),
  };
  const logPath = path.join(folder, 'seeded defects.ndjson');
  const seeded = seedDefects(effects, { lose: [], double: [], reorder: [], logPath, ...seededDefects });
  const write = (sequence: number, key = 0, stage: Stage = 'measured') => {
    const envelope: Envelope = { trial: 1, stage, sequence, attempt: 1, key, deadlineNs: 0 };
    seeded.write(envelope, sequence, 1);
  };
  const log = () =>
    readFileSync(logPath, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SeededDefectRecord);
  return { seeded, write, written, log };
}

describe('seeded defects', () => {
  it('loses the effect of a sequence, once', () => {
    const { write, written, log } = testbed({ lose: [2] });
    for (const sequence of [1, 2, 3, 2]) write(sequence);
    expect(written).toEqual([1, 3, 2]);
    expect(log()).toMatchObject([{ defect: 'lose', trial: 1, sequence: 2 }]);
  });

  it('does a sequence twice', () => {
    const { write, written, log } = testbed({ double: [2] });
    for (const sequence of [1, 2, 3]) write(sequence);
    expect(written).toEqual([1, 2, 2, 3]);
    expect(log()).toMatchObject([{ defect: 'double', sequence: 2 }]);
  });

  it('holds a sequence back until a later one of its key was done', () => {
    const { write, written, log } = testbed({ reorder: [1] });
    write(1, 7);
    write(2, 8);
    write(0, 7);
    write(3, 7);
    expect(written).toEqual([2, 0, 3, 1]);
    expect(log()).toMatchObject([{ defect: 'reorder', sequence: 1, key: 7, overtakenBy: 3 }]);
  });

  it('leaves the warm-up alone', () => {
    const { write, written, log } = testbed({ lose: [1], double: [1], reorder: [1] });
    write(1, 0, 'warm-up');
    write(1, 0, 'steady-state');
    expect(written).toEqual([1, 1]);
    expect(log()).toEqual([]);
  });

  it('writes what nobody overtook at the end, and does not call it seeded', () => {
    const { seeded, write, written, log } = testbed({ reorder: [1] });
    write(1);
    seeded[Symbol.dispose]();
    expect(written).toEqual([1, -1]);
    expect(log()).toEqual([]);
  });
});
