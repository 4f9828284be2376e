import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printed } from '../../support/reporters.ts';
import { readRecord, readRun } from '../../../src/experiments/read-record.ts';
import { prepareResultFile, writeResult } from '../../../src/record/store.ts';
import { sweepAnswer } from '../../../src/experiments/sweep/answer.ts';
import type { ChartPoint, PointSeries } from '../../../src/report/charts/chart.ts';
import { drawPoints } from '../../../src/report/charts/draw-points.ts';
import {
  cellOf,
  metBy,
  saturatedFrom,
  sustainedUpTo,
  sweptPatterns,
} from '../../../src/experiments/sweep/points.ts';
import type { Objective, Sweep } from '../../../src/experiments/sweep/record.ts';
import { sweepView } from '../../../src/experiments/sweep/view.ts';
import { lateIn, QUEUE, REST } from '../../support/result.ts';
import { madeSweep, type SweepChange, sweepTrial } from '../../support/records/sweep.ts';

const OBJECTIVE = madeSweep().design.objective!;
const rowOf = (record: Sweep, id: string) => sweptPatterns(record).find(({ pattern }) => pattern.id === id)!;

/** One pattern, of which each rate is made by hand. */
function oneRow(rates: Record<number, Parameters<typeof sweepTrial>[3]>): Sweep {
  const trials = Object.entries(rates).map(([rate, more], i) =>
    sweepTrial(i + 1, QUEUE, { round: 1, ratePerS: Number(rate), capacityPerS: 1e6 }, more),
  );
  return madeSweep({ patterns: [QUEUE], trials });
}
const saturated = {
  load: { verdict: 'saturated', detail: 'made up' },
  backlogGrowth: { perS: 300, isGrowing: true },
} as const;
const { validity } = madeSweep().trials.find((one) => one.validity.verdict === 'generator-bound')!;

/** Phases at this rate, with this share of the calls dispatched late. */
const lateAt = (ratePerS: number, share: number) =>
  lateIn(sweepTrial(1, QUEUE, { round: 1, ratePerS, capacityPerS: 1e6 }).phases, share);

describe('points', () => {
  test('what is not valid is told, and used for nothing', () => {
    const pattern = rowOf(madeSweep(), 'rest');
    expect(pattern.points.map(({ state }) => state)).toEqual([
      'sustained',
      'sustained',
      'sustained',
      'sustained',
      'unmeasured',
    ]);
    expect(pattern.points.at(-1)).toMatchObject({ limit: 'generator-bound', valid: [], goodputPerS: null });
    // The knee is that of the same sweep without the point.
    const without = madeSweep({
      trials: madeSweep().trials.filter((one) => one.validity.verdict === 'valid'),
    });
    expect(pattern.knee).toEqual(rowOf(without, 'rest').knee);
  });
  test('of several rounds only valid ones count, and most of these decide', () => {
    const rounds = [{}, saturated, saturated, { validity }];
    const trials = rounds.map((more, i) =>
      sweepTrial(i + 1, QUEUE, { round: i + 1, ratePerS: 400, capacityPerS: 1e6 }, more),
    );
    const [point] = rowOf(madeSweep({ patterns: [QUEUE], trials }), 'queue').points;
    expect(point).toMatchObject({ state: 'saturated', trials: 4, limit: 'saturated' });
    expect(point!.valid).toHaveLength(3);
  });
  test('a rate at which calls fail for other reasons than load is not kept, and not saturated', () => {
    const failing = { load: { verdict: 'failing', detail: 'correct: 80.0 % (limit 95 %)' } } as const;
    const row = rowOf(oneRow({ 100: {}, 200: failing, 400: {}, 800: saturated }), 'queue');
    expect(row.points.map(({ limit }) => limit)).toEqual([null, 'failing', null, 'saturated']);
    expect(saturatedFrom(row)).toBe(800);
    expect(sustainedUpTo(row)).toBe(100);
  });
  test('one of two is not enough to say that a rate was kept', () => {
    const trials = [{}, saturated].map((more, i) =>
      sweepTrial(i + 1, QUEUE, { round: i + 1, ratePerS: 400, capacityPerS: 1e6 }, more),
    );
    expect(rowOf(madeSweep({ patterns: [QUEUE], trials }), 'queue').points[0]!.state).toBe('saturated');
  });
  test('a saturated one is blamed on that, whatever the rounds that do not count met', () => {
    const rounds = [saturated, { validity }, { validity }];
    const trials = rounds.map((more, i) =>
      sweepTrial(i + 1, QUEUE, { round: i + 1, ratePerS: 400, capacityPerS: 1e6 }, more),
    );
    const [point] = rowOf(madeSweep({ patterns: [QUEUE], trials }), 'queue').points;
    expect(point).toMatchObject({ state: 'saturated', limit: 'saturated', why: 'made up' });
  });
  test('a percentile is marked by the lag at itself', () => {
    const record = oneRow({ 100: { phases: lateAt(100, 0.02) } });
    const [point] = rowOf(record, 'queue').points;
    const isShown = [0.9, 0.95, 0.99].map((q) => cellOf(point!, 'completion', q) !== undefined);
    expect(isShown).toEqual([true, true, false]);
  });
  test('nor is what is marked a bound of anything for the knee', () => {
    const kept = { 100: {}, 200: {}, 400: {} };
    const late = oneRow({
      ...kept,
      800: { ...saturated, phases: lateAt(800, 0.2) },
    });
    expect(rowOf(late, 'queue').knee).toEqual(rowOf(oneRow(kept), 'queue').knee);
  });
  test('the latency of a pattern that answers is its reply’s, of others the work’s, of a target what is known', () => {
    const unseen = madeSweep().trials.map((trial) => ({ ...trial, evidence: 'none' as const }));
    const figures = (more: SweepChange) => sweptPatterns(madeSweep(more)).map(({ figure }) => figure);
    expect(figures({})).toEqual(['response', 'completion']);
    expect(figures({ trials: unseen })).toEqual(['response', 'response']);
    // Its reply is a 202, and its work comes out of a queue later.
    expect(figures({ patterns: [{ ...REST, completion: 'queue done' }, QUEUE] })).toEqual([
      'completion',
      'completion',
    ]);
  });
});

describe('the highest rate that meets an objective', () => {
  const of = (record: Sweep, objective: Objective = OBJECTIVE) => metBy(sweptPatterns(record)[0]!, objective);
  test('up to the first that misses it, whatever a higher one says', () => {
    const slow = sweepTrial(9, QUEUE, { round: 1, ratePerS: 400, capacityPerS: 401 });
    const record = oneRow({ 100: {}, 200: {}, 400: { phases: slow.phases }, 800: {} });
    expect(of(record)).toMatchObject({ metPerS: 200, missedPerS: 400 });
    expect(of(record).missedUs).toBeGreaterThan(20_000);
  });
  test('a rate that is not kept up with meets nothing, be its latency as it may', () => {
    expect(of(oneRow({ 100: {}, 200: saturated, 400: {} }))).toEqual({
      metPerS: 100,
      missedPerS: 200,
      missedUs: null,
    });
  });
  test('what could not be measured neither meets nor misses', () => {
    const unmeasured = { validity };
    expect(of(oneRow({ 100: {}, 200: unmeasured, 400: {} }))).toEqual({
      metPerS: 400,
      missedPerS: null,
      missedUs: null,
    });
    expect(of(oneRow({ 100: unmeasured }))).toEqual({ metPerS: null, missedPerS: null, missedUs: null });
  });
  test('nor does a percentile that has too few calls to be told', () => {
    expect(of(oneRow({ 100: {} }), { ...OBJECTIVE, quantile: 0.99 })).toMatchObject({ metPerS: null });
  });
});

test('the answer tells what it does not know', () => {
  expect(sweepAnswer(madeSweep({ trials: [], state: 'interrupted' }), [], [])).toEqual([
    'No results: no trial finished.',
  ]);
  const record = oneRow({ 100: {}, 200: {} });
  expect(sweepAnswer(record, sweptPatterns(record), [])).toEqual([
    'completion p90 < 20ms is met up to: Message queue 200/s or above.',
    'p90 grows faster than load from: Message queue inconclusive.',
    'No pattern was saturated.',
  ]);
});

describe('the report', () => {
  const record = madeSweep();
  test.each([120, 60])('as a table, %d columns', async (width) => {
    const text = printed(sweepView(record, 'commbench-results/sweep.json'), 'table', { width });
    await expect(text).toMatchFileSnapshot(`../../golden/sweep-${width}.txt`);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
  test('a pattern is kept up to below the rate from which it is saturated', () => {
    const [rows] = sweepView(oneRow({ 100: {}, 200: saturated, 400: {} })).tables;
    const cell = (id: string) => rows!.rows[0]!.cells[rows!.columns.findIndex((one) => one.id === id)]!.text;
    expect([cell('saturated'), cell('sustained')]).toEqual(['200/s', '100/s']);
  });
  test('what is not known of a target’s work is not called marked', () => {
    const unseen = record.trials.map((trial) => ({ ...trial, evidence: 'none' as const }));
    const points = sweepView(madeSweep({ trials: unseen })).tables.find(({ id }) => id === 'points')!;
    expect(points.columns.map(({ id }) => id)).toContain('objective');
    expect(points.rows.flatMap(({ cells }) => cells.map(({ text }) => text))).not.toContain('marked');
  });
  test('a pattern that was not run, and every format', () => {
    const gone = {
      ...QUEUE,
      state: 'not-run' as const,
      reason: 'RabbitMQ is not here',
      hint: 'apt install it',
    };
    const view = sweepView(
      madeSweep({ patterns: [REST, gone], trials: record.trials.filter((t) => t.pattern === 'rest') }),
    );
    expect(view.caveats.warnings[0]).toMatchObject({ code: 'not-run', hint: 'apt install it' });
    expect(printed(view, 'markdown')).toContain('p90 against load');
    expect(printed(view, 'csv')).toMatch(/^points,rest,100\/s,p90,\d/m);
  });
});

type Line = Pick<PointSeries, 'points' | 'gaps'>;

/** Drawn over all that is in it, both axes logarithmic. */
function drawLines(some: readonly Line[], width: number): string[] {
  const points = some.flatMap((one) => one.points);
  const ends = (values: readonly number[]) => ({ from: Math.min(...values), to: Math.max(...values) });
  const xs = [...points.map(({ x }) => x), ...some.flatMap(({ gaps }) => gaps)];
  return drawPoints(
    {
      id: 'chart',
      title: 'chart',
      x: { title: 'load', unit: 'per-s', scale: 'log', ...ends(xs) },
      y: { title: 'p50', unit: 'us', scale: 'log', ...ends(points.map(({ y }) => y)) },
      series: some.map((one) => ({ kind: 'points', title: 'row', ...one })),
      spans: [],
    },
    width,
  );
}

describe('the chart', () => {
  const point: fc.Arbitrary<ChartPoint> = fc
    .record({
      x: fc.integer({ min: 1, max: 50_000 }),
      y: fc.double({ min: 10, max: 1e7, noNaN: true }),
      isSaturated: fc.boolean(),
    })
    .map(({ isSaturated, ...one }) => (isSaturated ? { ...one, isSaturated } : one));
  const rows = fc.array(
    fc.record({
      points: fc.uniqueArray(point, { maxLength: 10, selector: ({ x }) => x }),
      gaps: fc.array(fc.integer({ min: 1, max: 50_000 }), { maxLength: 3 }),
    }),
    { maxLength: 5 },
  );
  test('fits, and shows something of every pattern', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 50, max: 200 }), (some: Line[], width) => {
        const lines = drawLines(
          some.map((row) => ({ ...row, points: row.points.toSorted((a, b) => a.x - b.x) })),
          width,
        );
        expect(Math.max(0, ...lines.slice(0, 18).map((line) => line.length))).toBeLessThanOrEqual(width);
        for (const [i, row] of some.entries()) {
          const letter = String.fromCharCode(65 + i);
          if (row.points.length > 0)
            expect(lines.slice(0, 16).join('')).toMatch(new RegExp(`[${letter}*×]`, 'i'));
        }
        expect(lines.length === 0).toBe(some.every(({ points }) => points.length === 0));
      }),
    );
  });
  test('draws no line past a rate at which nothing is known', () => {
    const points = [100, 1600].map((x) => ({ x, y: 500 }));
    const body = (gaps: number[]) => drawLines([{ points, gaps }], 100).slice(0, 16).join('');
    expect(body([])).toContain('·');
    expect(body([400])).not.toContain('·');
    expect(body([3200])).toContain('·');
  });
  test('has no rate on its axis that was not asked for', () => {
    const points = [{ x: 100, y: 500 }];
    const text = drawLines([{ points, gaps: [] }], 100).join('\n');
    expect(text).toContain('100/s');
    expect(text).not.toContain('101/s');
  });
  test('what grows in proportion to load rises evenly', () => {
    const points = [100, 200, 400, 800, 1600].map((x) => ({ x, y: 10 * x }));
    const lines = drawLines([{ points, gaps: [] }], 100);
    const places = lines.slice(0, 16).flatMap((line, y) => {
      const x = line.indexOf('A');
      return x < 0 ? [] : [{ x, y }];
    });
    expect(places).toHaveLength(5);
    const steps = places.slice(1).map(({ x, y }, i) => ({ x: places[i]!.x - x, y: y - places[i]!.y }));
    for (const step of steps) {
      expect(Math.abs(step.x - steps[0]!.x)).toBeLessThanOrEqual(1);
      expect(Math.abs(step.y - steps[0]!.y)).toBeLessThanOrEqual(1);
    }
  });
});

describe('the file', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'cbsweep-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  test('is read as it was written, may be replaced, and is no result of a run', async () => {
    const file = path.join(folder, 'sweep.json');
    const record = madeSweep();
    writeResult(file, record);
    expect((await readRecord(file)).record).toEqual(record);
    expect(() => prepareResultFile(file)).not.toThrow();
    await expect(readRun(file)).rejects.toThrow('is a result of `commbench sweep`, not of a run');
  });
  test('a newer one and a damaged one are refused', async () => {
    const file = path.join(folder, 'damaged.json');
    const record = madeSweep();
    writeFileSync(file, JSON.stringify({ ...record, version: 3 }));
    await expect(readRecord(file)).rejects.toThrow('format version 3, expected 2');
    record.trials[3]!.phases[0]!.response.count++;
    writeFileSync(file, JSON.stringify(record));
    await expect(readRecord(file)).rejects.toThrow(
      'trials.3.phases.0.response: Expected a histogram of 301 samples',
    );
  });
});
