import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatCpuUs,
  formatMs,
  formatRangeUs,
  formatRate,
  formatShare,
  formatUs,
  quantileName,
} from '../../src/report/format.ts';

test.each([
  [0, '0.00 ms'],
  [853, '0.85 ms'],
  [9_994, '9.99 ms'],
  [9_996, '10.0 ms'],
  [12_340, '12.3 ms'],
  [99_940, '99.9 ms'],
  [99_960, '100 ms'],
  [123_400, '123 ms'],
  [999_400, '999 ms'],
  [1_300_000, '1.30 s'],
  [600_000_000, '600 s'],
])('%d µs is %s', (us, text) => expect(formatUs(us)).toBe(text));

test('only an exact share reads as all or nothing', () => {
  expect([0, 1, 0.0004, 0.9996, 0.5].map(formatShare)).toEqual([
    '0.0 %',
    '100 %',
    '<0.1 %',
    '>99.9 %',
    '50.0 %',
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (of, n) => {
      const text = formatShare(Math.min(n, of) / of);
      expect(text === '100 %').toBe(n >= of);
      expect(text === '0.0 %').toBe(n === 0);
    }),
  );
});

test('a range drops its unit only where it is that of its value', () => {
  expect(formatRangeUs(820, 950, 880)).toBe('0.82–0.95');
  expect(formatRangeUs(820_000, 1_200_000, 900_000)).toBe('820 ms–1.20 s');
  expect(formatRangeUs(820_000, 950_000, 1_100_000)).toBe('820 ms–950 ms');
});

test('settings, rates, CPU and quantiles', () => {
  expect([500, 3000, 1500, 150_000].map(formatMs)).toEqual(['500 ms', '3 s', '1.5 s', '2.5 min']);
  expect([0.5, 200, 12_345].map(formatRate)).toEqual(['0.5/s', '200/s', '12,345/s']);
  expect(formatCpuUs(1234.5)).toBe('1,235 µs');
  expect([0.5, 0.99, 0.999, 0.9999].map(quantileName)).toEqual(['p50', 'p99', 'p99.9', 'p99.99']);
});
