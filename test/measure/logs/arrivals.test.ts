import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/kernel/outcome.ts';
import {
  type Arrivals,
  createArrivals,
  createItemInstants,
  mergeShards,
  readArrivals,
  writeArrivals,
} from '../../../src/measure/logs/arrivals.ts';

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

/** The same, with streams of three items; some never came. */
function filledStreams(indices: readonly number[]): Arrivals {
  const items = createItemInstants(indices.length, 3);
  indices.forEach((i, k) => {
    for (let j = 0; j < 3; j++) items.ns[k * 3 + j] = i % 4 === j ? NaN : i * 1e6 + j;
  });
  return { ...filled(indices), items };
}

const range = (n: number, from = 0, step = 1) => Array.from({ length: n }, (_, i) => from + i * step);

describe('arrivals file', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.nat(50), (count) => {
        const file = path.join(folder, 'whole');
        writeArrivals(file, filled(range(count)));
        expect(readArrivals(file)).toEqual(filled(range(count)));
        if (count === 0) return;
        writeArrivals(file, filledStreams(range(count)));
        expect(readArrivals(file)).toEqual(filledStreams(range(count)));
      }),
      { numRuns: 20 },
    );
  });

  it('of another version is refused, and says so', () => {
    const file = path.join(folder, 'earlier');
    writeArrivals(file, filled(range(3)));
    const bytes = readFileSync(file);
    bytes.write('commbench-arrivals-1\n');
    writeFileSync(file, bytes);
    expect(() => readArrivals(file)).toThrow(/of version 2, found version 1/);
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
        const streams = range(n).map((i) =>
          filledStreams(range(Math.max(0, Math.ceil((count - i) / n)), i, n)),
        );
        expect(mergeShards(streams)).toEqual(filledStreams(range(count)));
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
    expect(() => mergeShards([filled(range(3)), filledStreams(range(3))])).toThrow(/items/);
  });
});

it('streams of a trial are bounded', () => {
  expect(() => createItemInstants(1_000_000, 20)).toThrow(/Expected at most 5000000 items/);
});
