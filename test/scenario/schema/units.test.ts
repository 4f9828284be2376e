import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDurationMs, parseRatePerS } from '../../../src/scenario/schema/units.ts';

test.each([
  ['500ms', 500],
  ['3s', 3000],
  ['2m', 120_000],
  ['1.5h', 5_400_000],
  ['0.1s', 100],
  [' 3 s ', 3000],
])('%s is %d ms', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

test.each(['3', 's', '-3s', '3 parsecs', '1e3s', '', '3s3'])('%j is no duration', (text) => {
  expect(parseDurationMs(text)).toBeUndefined();
});

test.each([
  ['200', 200],
  ['200/s', 200],
  ['1k/s', 1000],
  ['1.5k', 1500],
  ['6000/min', 100],
  ['3600/h', 1],
])('%s is %d/s', (text, perS) => expect(parseRatePerS(text)).toBe(perS));

test.each(['fast', '-1', '200/d', '1e3', '', '200 s'])('%j is no rate', (text) => {
  expect(parseRatePerS(text)).toBeUndefined();
});

test('a duration in milliseconds is read back exactly', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 3_600_000 }), (ms) => parseDurationMs(`${ms}ms`) === ms));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_600_000 }), (ms) => parseDurationMs(`${ms / 1000}s`) === ms),
  );
});
