import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Envelope } from '../../../src/kernel/envelope.ts';
import {
  EFFECT_RECORD_BYTES,
  openEffectReader,
  openEffectWriter,
} from '../../../src/measure/logs/effect-log.ts';

let folder = '';
let file = '';
let n = 0;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'commbench-effects-'))));
beforeEach(() => void (file = path.join(folder, `log-${n++}`)));
afterAll(() => rmSync(folder, { recursive: true }));

const envelope = (sequence: number, more: Partial<Envelope> = {}): Envelope => ({
  trial: 3,
  stage: 'measured',
  sequence,
  attempt: 1,
  key: 9,
  deadlineNs: 0,
  ...more,
});

function write(sequences: readonly number[], subscriber = 0): void {
  using writer = openEffectWriter(file, subscriber);
  for (const sequence of sequences) writer.write(envelope(sequence), 1e12 + sequence, 2);
}

function readAll() {
  using reader = openEffectReader(file);
  const effects = reader.read();
  return {
    sequences: effects.map((e) => e.sequence),
    effects,
    torn: reader.torn,
    tailBytes: reader.tailBytes,
  };
}

describe('effect log', () => {
  it('gives back every field', () => {
    const u32 = fc.nat(0xffffffff);
    const u16 = fc.nat(0xffff);
    const instant = fc.nat(2 ** 53 - 1);
    const any = fc.record({
      trial: u32,
      stage: fc.constantFrom('measured', 'warm-up', 'steady-state'),
      sequence: u32,
      attempt: u16,
      key: u32,
      completedNs: instant,
      concurrent: u16,
      subscriber: u16,
      storedDigest: u32,
      way: fc.record({ arrivedNs: instant, begunNs: fc.oneof(instant, fc.constant(NaN)) }),
    });
    fc.assert(
      fc.property(any, ({ completedNs, concurrent, subscriber, storedDigest, way, ...sent }) => {
        using reader = openEffectReader(file);
        reader.read();
        using writer = openEffectWriter(file, subscriber);
        writer.write({ ...sent, deadlineNs: 0 }, completedNs, concurrent, way, storedDigest);
        expect(reader.read()).toEqual([
          { ...sent, ...way, completedNs, concurrent, subscriber, storedDigest, pid: process.pid },
        ]);
        expect(reader.torn).toBe(0);
      }),
    );
  });

  it('can be followed while it grows', () => {
    using reader = openEffectReader(file);
    expect(reader.read()).toEqual([]);
    write([1, 2]);
    expect(reader.read().map((e) => e.sequence)).toEqual([1, 2]);
    write([3]);
    expect(reader.read().map((e) => e.sequence)).toEqual([3]);
    expect(reader.read()).toEqual([]);
  });

  it('longer than the reading buffer is read whole', () => {
    write(Array.from({ length: 9000 }, (_, i) => i));
    expect(readAll().sequences).toEqual(Array.from({ length: 9000 }, (_, i) => i));
  });

  it('keeps what was whole when its tail is cut off anywhere, and says so', () => {
    write([1, 2, 3]);
    const whole = readFileSync(file);
    for (let cut = 1; cut < EFFECT_RECORD_BYTES; cut++) {
      writeFileSync(file, whole);
      truncateSync(file, whole.length - cut);
      expect(readAll()).toMatchObject({ sequences: [1, 2], torn: 0, tailBytes: EFFECT_RECORD_BYTES - cut });
    }
  });

  it('is continued after a cut-off tail: one torn record, and none after it is lost', () => {
    write([1, 2, 3]);
    truncateSync(file, 3 * EFFECT_RECORD_BYTES - 7);
    write([4, 5]);
    expect(readAll()).toMatchObject({ sequences: [1, 2, 4, 5], torn: 1, tailBytes: 0 });
  });

  it('counts a corrupt record, whatever bit of it flipped, and never uses it', () => {
    write([1, 2, 3]);
    const whole = readFileSync(file);
    const used = Array.from({ length: 48 }, (_, i) => i);
    for (const at of [...used, EFFECT_RECORD_BYTES - 1]) {
      const bytes = Buffer.from(whole);
      bytes[EFFECT_RECORD_BYTES + at]! ^= 1 << (at % 8);
      writeFileSync(file, bytes);
      expect(readAll()).toMatchObject({ sequences: [1, 3], torn: 1 });
    }
  });

  it('never has a record across two pages, where a kill could cut it in two', () => {
    const smallestPageBytes = 4096;
    expect(smallestPageBytes % EFFECT_RECORD_BYTES).toBe(0);
  });

  it('takes zeros for a torn record', () => {
    appendFileSync(file, Buffer.alloc(EFFECT_RECORD_BYTES));
    expect(readAll()).toMatchObject({ sequences: [], torn: 1 });
  });

  it('can be shared by several writers', () => {
    using one = openEffectWriter(file, 0);
    using two = openEffectWriter(file, 1);
    one.write(envelope(1), 1, 1);
    two.write(envelope(1), 2, 1);
    one.write(envelope(2), 3, 1);
    expect(readAll().effects.map((e) => [e.sequence, e.subscriber])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
  });

  it('survives the SIGKILL of its writer: every record it claimed is there, none is torn', async () => {
    const program = `
      import { openEffectWriter } from ${JSON.stringify(new URL('../../../src/measure/logs/effect-log.ts', import.meta.url).href)};
      import { writeSync } from 'node:fs';
      const writer = openEffectWriter(process.argv[1], 0);
      for (let sequence = 0; ; sequence++) {
        writer.write({ trial: 3, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0 }, 1, 1);
        if (sequence % 1000 === 0) writeSync(1, sequence + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let claimed = '';
    child.stdout.on('data', (text: Buffer) => {
      claimed += text.toString();
      if (claimed.includes('3000\n')) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const log = readAll();
    expect(log).toMatchObject({ torn: 0, tailBytes: 0 });
    expect(log.sequences).toEqual(Array.from({ length: log.sequences.length }, (_, i) => i));
    expect(log.sequences.length).toBeGreaterThan(Number(claimed.trim().split('\n').at(-1)));
    expect(statSync(file).size).toBe(log.sequences.length * EFFECT_RECORD_BYTES);
  });
});
