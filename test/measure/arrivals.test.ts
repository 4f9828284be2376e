import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/kernel/outcome.ts';
import {
  type Arrivals,
  createArrivals,
  mergeShards,
  readArrivals,
  writeArrivals,
} from '../../src/measure/arrivals.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'commbench-arrivals-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every column different in every place, with gaps. */
function filled(indices: readonly number[]): Arrivals {
  const a = createArrivals(indices.length);
  a.startNs = 12_345_678_901_234;
  indices.forEach((i, k) => {
    a.dispatchedNs[k] = i % 5 === 0 ? NaN : a.startNs + i * 1000;
    a.sentNs[k] = i % 3 === 0 ? NaN : a.startNs + i * 1000 + 1;
    a.acknowledgedNs[k] = i % 7 === 0 ? NaN : a.startNs + i * 1000 + 2;
    a.outcome[k] = i % OUTCOMES.length;
    a.noEffect[k] = i % 2;
    a.status[k] = 400 + i;
  });
  return a;
}

const range = (n: number, from = 0, step = 1) => Array.from({ length: n }, (_, i) => from + i * step);

describe('arrivals file', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.nat(50), (count) => {
        const file = path.join(folder, 'whole');
        writeArrivals(file, filled(range(count)));
        expect(readArrivals(file)).toEqual(filled(range(count)));
      }),
      { numRuns: 20 },
    );
  });

  it('that is cut off, too long or not ours is refused', () => {
    const file = path.join(folder, 'cut');
    writeArrivals(file, filled(range(9)));
    const whole = readFileSync(file);
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 40),
      Buffer.concat([whole, Buffer.alloc(1)]),
      Buffer.alloc(100),
    ]) {
      writeFileSync(file, bytes);
      expect(() => readArrivals(file)).toThrow(/Expected .* to be a whole arrivals file/);
    }
  });
});

describe('shards', () => {
  it('together are exactly the one schedule', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 8 }), (count, n) => {
        const shards = range(n).map((i) => filled(range(Math.max(0, Math.ceil((count - i) / n)), i, n)));
        expect(mergeShards(shards)).toEqual(filled(range(count)));
      }),
    );
  });

  it('that lack arrivals, or began at different instants, are refused', () => {
    expect(() => mergeShards([filled(range(3)), filled(range(5))])).toThrow(
      /Expected shard 0 of 2 to hold 4 of 8/,
    );
    const later = filled(range(3));
    later.startNs++;
    expect(() => mergeShards([filled(range(3)), later])).toThrow(RangeError);
  });
});
