import * as fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import {
  logBins,
  maxErrorUs,
  maximumUs,
  mergeSeries,
  quantileUs,
  valueRangeOf,
  rankOf,
  SeriesBuilder,
} from '../../../src/measure/figures/histogram.ts';
import { HIGHEST_US } from '../../../src/measure/figures/stored-histogram.ts';
import { exactQuantile, seriesOf } from '../synthetic.ts';

/**
 * Nanoseconds from 1 ns to 10 min, every magnitude as often. From integers: random doubles are spread
 * evenly over their bit patterns, so almost all of them are next to zero.
 */
const latencyNs = fc
  .integer({ min: 0, max: Math.floor(Math.log(HIGHEST_US * 1000) * 1e6) })
  .map((log) => Math.floor(Math.exp(log / 1e6)));
const sampleNs = fc.oneof(
  { weight: 9, arbitrary: latencyNs },
  { weight: 1, arbitrary: fc.integer({ min: -5000, max: 0 }) },
);
const samplesNs = fc.array(sampleNs, { maxLength: 300 });

function recorded(valuesNs: readonly number[]) {
  const builder = new SeriesBuilder();
  valuesNs.forEach((ns, i) => builder.record(ns, i * 7e6));
  return builder.build();
}

describe('series', () => {
  it('reports every quantile within its own error of the exact one', () => {
    fc.assert(
      fc.property(
        fc.array(latencyNs, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 1000 }),
        (ns, perMille) => {
          const exactUs = exactQuantile(ns, perMille) / 1000;
          expect(Math.abs(quantileUs(recorded(ns), perMille / 1000)! - exactUs)).toBeLessThanOrEqual(
            maxErrorUs(exactUs),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps its stated error where buckets are widest for their values', () => {
    for (let bits = 0; bits <= 29; bits++) {
      for (const us of [2 ** bits - 0.501, 2 ** bits - 0.5, 2 ** bits, 2 ** bits + 0.499].filter(
        (v) => v > 0,
      )) {
        expect(Math.abs(quantileUs(seriesOf([us, us, us * 2]), 0.5)! - us)).toBeLessThanOrEqual(
          maxErrorUs(us),
        );
      }
    }
  });

  it('has an error below 0.05 % from 3 ms on', () => {
    expect(maxErrorUs(3000) / 3000).toBeLessThan(0.0005);
    expect(maxErrorUs(HIGHEST_US) / HIGHEST_US).toBeLessThan(0.0005);
  });

  it('merges to the series of all samples', () => {
    fc.assert(
      fc.property(fc.array(samplesNs, { minLength: 1, maxLength: 6 }), (rounds) => {
        const merged = mergeSeries(rounds.map(recorded));
        const union = recorded(rounds.flat());
        expect({ ...merged, intervalMaximaUs: [] }).toEqual({ ...union, intervalMaximaUs: [] });
        expect(merged.intervalMaximaUs).toEqual(rounds.flatMap((ns) => recorded(ns).intervalMaximaUs));
        expect(maximumUs(merged)).toBe(maximumUs(union));
      }),
    );
  });

  it('merges percentiles by their samples, never as an average', () => {
    const merged = mergeSeries([
      seriesOf(Array.from({ length: 30 }, () => 100)),
      seriesOf(Array.from({ length: 10 }, () => 900)),
    ]);
    expect(quantileUs(merged, 0.5)).toBe(100);
    expect(quantileUs(merged, 0.9)).toBe(900);
  });

  it('counts samples of zero or less, and drops none', () => {
    const series = recorded([-1, 0, 1, 2_000_000]);
    expect(series).toMatchObject({ count: 4, nonPositive: 2 });
    expect(quantileUs(series, 0.5)).toBe(1);
  });

  it('holds more than ten minutes as ten minutes, and the maximum exactly', () => {
    const series = recorded([1_000_000, 900e9]);
    expect(series.count).toBe(2);
    expect(maximumUs(series)).toBe(900e6);
    expect(decodeFromCompressedBase64(series.histogram).totalCount).toBe(2);
  });

  it('keeps maxima by 100 ms of intended time, from the start of its phase', () => {
    const builder = new SeriesBuilder(2e9);
    builder.record(5_000_000, 2e9);
    builder.record(9_000_000, 2e9 + 99e6);
    builder.record(7_000_000, 2e9 + 310e6);
    expect(builder.build().intervalMaximaUs).toEqual([9000, null, null, 7000]);
  });

  it('is an HDR histogram that other tools can read', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1 + i);
    const decoded = decodeFromCompressedBase64(seriesOf(values).histogram);
    expect(decoded.totalCount).toBe(1000);
    expect(decoded.getValueAtPercentile(99)).toBe(990);
    expect(decoded.numberOfSignificantValueDigits).toBe(3);
  });

  it('has no quantile and no maximum while it is empty', () => {
    const empty = new SeriesBuilder().build();
    expect([quantileUs(empty, 0.5), maximumUs(empty), valueRangeOf([empty]), logBins(empty, 5)]).toEqual([
      null,
      null,
      undefined,
      [],
    ]);
    expect(mergeSeries([]).count).toBe(0);
    expect(mergeSeries([empty, seriesOf([5])]).count).toBe(1);
  });
});

describe('rank of a quantile', () => {
  it('is the smallest integer not below q x n, in spite of floating point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 5_000_000 }), (q, n) => {
        expect(rankOf(q / 10_000, n)).toBe(Number((BigInt(q) * BigInt(n) + 9999n) / 10_000n));
      }),
      { numRuns: 2000 },
    );
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(rankOf(0.07, 100)).toBe(7);
  });
});

describe('small histogram', () => {
  it('counts every sample once, in adjoining bins', () => {
    fc.assert(
      fc.property(samplesNs, fc.integer({ min: 1, max: 40 }), (ns, bins) => {
        const counted = logBins(recorded(ns), bins);
        expect(counted.reduce((sum, bin) => sum + bin.count, 0)).toBe(ns.length);
        counted.slice(1).forEach((bin, i) => expect(bin.fromUs).toBe(counted[i]!.toUs));
      }),
    );
  });

  it('puts samples where they belong on a shared logarithmic axis', () => {
    const fast = seriesOf([100, 100, 100]);
    const slow = seriesOf([100_000]);
    const range = valueRangeOf([fast, slow])!;
    expect(logBins(fast, 3, range).map((bin) => bin.count)).toEqual([3, 0, 0]);
    expect(logBins(slow, 3, range).map((bin) => bin.count)).toEqual([0, 0, 1]);
    expect(logBins(seriesOf([3000]), 3, range).map((bin) => bin.count)).toEqual([0, 1, 0]);
  });
});
