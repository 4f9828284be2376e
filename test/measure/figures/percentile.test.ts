import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileUs, SeriesBuilder } from '../../../src/measure/figures/histogram.ts';
import { quantileCell, spreadOf } from '../../../src/measure/figures/percentile.ts';
import { seriesOf } from '../synthetic.ts';

const rising = (n: number, fromUs = 1) => Array.from({ length: n }, (_, i) => fromUs + i);
/** Every sample in an interval of its own. */
const apart = (valuesUs: readonly number[]) => seriesOf(valuesUs, 100);

/** Of 3,000 arrivals at 100/s, 30 are slow: so many in each of the first intervals of 100 ms. */
function withSlow(perInterval: number) {
  const slowAt = (i: number) => i % 10 < perInterval && Math.floor(i / 10) < 30 / perInterval;
  return seriesOf(Array.from({ length: 3000 }, (_, i) => (slowAt(i) ? 50_000 + i : 300 + (i % 100))));
}

const round = (fromUs: number, n = 2000) => apart(rising(n, fromUs));

describe('percentile cell', () => {
  it('is known with 20 samples beyond it, and not with 19', () => {
    const known = quantileCell(apart(rising(2000)), 0.99);
    expect(known).toEqual({ state: 'known', quantile: 0.99, valueUs: 1980, beyond: 20, intervals: 20 });
    const needs = quantileCell(apart(rising(1999)), 0.99);
    expect(needs).toMatchObject({
      state: 'needs',
      samplesBeyond: 19,
      samplesNeeded: 20,
      count: 1999,
      countNeeded: 2000,
    });
  });

  it('holds p50 to the same rule', () => {
    expect(quantileCell(apart(rising(39)), 0.5)).toMatchObject({
      state: 'needs',
      samplesBeyond: 19,
      countNeeded: 40,
    });
    expect(quantileCell(apart(rising(40)), 0.5)).toMatchObject({ state: 'known', valueUs: 20 });
  });

  it('takes one pause for one event: samples beyond from 5 separate intervals', () => {
    expect(quantileCell(withSlow(10), 0.99)).toMatchObject({
      state: 'needs',
      samplesBeyond: 30,
      intervals: 3,
      intervalsNeeded: 5,
    });
    expect(quantileCell(withSlow(7), 0.99)).toMatchObject({ intervals: 5 });
    expect(quantileCell(withSlow(6), 0.99)).toMatchObject({ state: 'known', beyond: 30, intervals: 5 });
  });

  it('is known where all values are equal', () => {
    const cell = quantileCell(seriesOf(Array.from({ length: 300 }, () => 20_000)), 0.9);
    expect(cell).toMatchObject({ state: 'known', beyond: 30, intervals: 30 });
  });

  it('says what is needed of an empty series', () => {
    expect(quantileCell(new SeriesBuilder().build(), 0.999)).toEqual({
      state: 'needs',
      quantile: 0.999,
      samplesBeyond: 0,
      samplesNeeded: 20,
      intervals: 0,
      intervalsNeeded: 5,
      count: 0,
      countNeeded: 20_000,
    });
  });

  it('asks for exactly as many samples as it then accepts', () => {
    const empty = new SeriesBuilder().build();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (percent) => {
        const cell = quantileCell(empty, percent / 100);
        const n = cell.state === 'needs' ? cell.countNeeded : 0;
        expect(quantileCell(apart(rising(n)), percent / 100).state).toBe('known');
        expect(quantileCell(apart(rising(n - 1)), percent / 100).state).toBe('needs');
      }),
    );
  });
});

describe('spread over rounds', () => {
  it("is the range of the rounds' own values", () => {
    expect(spreadOf([round(1), round(301), round(101)], 0.99)).toEqual({
      state: 'known',
      quantile: 0.99,
      asked: 0.99,
      lowUs: quantileUs(round(1), 0.99),
      highUs: quantileUs(round(301), 0.99),
      rounds: 3,
    });
  });

  it('names the highest lower percentile that every round knows alone', () => {
    const spread = spreadOf([round(1, 2000), round(101, 400)], 0.99);
    expect(spread).toMatchObject({ state: 'known', quantile: 0.95, asked: 0.99, lowUs: 480, highUs: 1900 });
  });

  it('is unknown for one round', () => {
    expect(spreadOf([round(1)], 0.5)).toEqual({ state: 'unknown', reason: 'one-round', rounds: 1 });
  });

  it('is unknown where a round knows no percentile', () => {
    expect(spreadOf([round(1), round(1, 10)], 0.99)).toEqual({
      state: 'unknown',
      reason: 'too-few-samples',
      rounds: 2,
    });
  });
});
