import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../../src/measure/schedule.ts';
import { abEntry, type AbPosition, abSpec, armOrder } from '../../../src/experiments/ab/plan.ts';
import { ARM_IDS } from '../../../src/experiments/ab/record.ts';
import { openMeeting } from '../../../src/trial/meeting.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';
import { switchbackBlocks } from '../../../src/plan/switchback-blocks.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const pattern = {
  id: 'rest',
  own: {},
  interaction: 'request-reply',
  definition: {},
} as unknown as ResolvedPattern;
const scenario = pairedScenario(
  scenarioSchema.parse({
    name: 'test',
    title: 'Test',
    patterns: [{ id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' }],
    serviceOutage: {},
    wireBytes: {},
    idleBusy: {},
  }),
  24,
);
const placeOf = (pair: number, arm: AbPosition['arm']): AbPosition => ({
  pair,
  patternIndex: 0,
  patternCount: 1,
  arm,
});
const specOf = (pair: number, arm: AbPosition['arm'], mode: 'pairs' | 'switchback' = 'pairs', seed = 7) =>
  abSpec({ scenario, seed, mode, kind: 'latency' }, placeOf(pair, arm), pattern);

describe('pairs', () => {
  test('the order in a pair is drawn by its seed, pair and pattern: as often one way as the other, and no rhythm', () => {
    const firsts = Array.from({ length: 4000 }, (_, i) => armOrder(7, i + 1, 0)[0]);
    const share = firsts.filter((first) => first === 'a').length / firsts.length;
    // Five standard errors of a fair coin.
    expect(Math.abs(share - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(4000));
    const repeats = firsts.filter((first, i) => first === firsts[i + 1]).length / firsts.length;
    expect(Math.abs(repeats - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(4000));
    const orders = (seed: number, patternIndex: number) =>
      Array.from({ length: 32 }, (_, i) => armOrder(seed, i + 1, patternIndex)[0]).join('');
    expect(orders(7, 0)).toBe(orders(7, 0));
    expect(new Set([orders(7, 0), orders(8, 0), orders(7, 1)]).size).toBe(3);
  });

  test('both arms of a pair get the same arrivals, and the next pair gets others', () => {
    const [a, b] = [specOf(1, 'a'), specOf(1, 'b')];
    expect({ ...b, id: a.id }).toEqual(a);
    expect(specOf(2, 'a').seed).not.toBe(a.seed);
    expect(a).toMatchObject({
      kind: 'latency',
      faults: [],
      measure: { countBytes: false },
      warmUp: { closedLoop: { forMs: 0 } },
    });
  });

  test('no two trials of a run have one id', () => {
    const ids = new Set<number>();
    for (let pair = 1; pair <= 24; pair++) {
      for (let patternIndex = 0; patternIndex < 3; patternIndex++) {
        for (const arm of ARM_IDS)
          ids.add(abEntry({ pair, patternIndex, patternCount: 3, arm }, pattern, 'latency').id);
      }
    }
    expect(ids.size).toBe(24 * 3 * 2);
  });
});

describe('switchback', () => {
  const drawn = fc.record({
    seed: fc.nat(),
    pair: fc.integer({ min: 1, max: 24 }),
    ratePerS: fc.double({ min: 1, max: 2000, noNaN: true }),
    loadedMs: fc.integer({ min: 1, max: 5000 }),
  });
  type Span = { readonly name: string; readonly fromMs: number; readonly toMs: number };
  const loadedIn = (spans: readonly Span[]) => spans.filter(({ name }) => !name.startsWith('silent-'));

  test("the arms' blocks are all of the time, none of it twice", () => {
    fc.assert(
      fc.property(drawn, ({ seed, pair, ratePerS, loadedMs }) => {
        const { durationMs, a, b } = switchbackBlocks(seed, pair, ratePerS, loadedMs);
        expect(durationMs).toBeGreaterThanOrEqual(2 * loadedMs);
        for (const { phases } of [a, b]) {
          expect([phases[0]!.fromMs, phases.at(-1)!.toMs]).toEqual([0, durationMs]);
          for (const [i, phase] of phases.entries()) {
            expect(phase.toMs).toBeGreaterThan(phase.fromMs);
            if (i > 0) expect(phase.fromMs).toBe(phases[i - 1]!.toMs);
          }
        }
        const all = [...loadedIn(a.phases), ...loadedIn(b.phases)].toSorted((x, y) => x.fromMs - y.fromMs);
        let atMs = 0;
        for (const { fromMs, toMs } of all) {
          expect(fromMs).toBe(atMs);
          atMs = toMs;
        }
        expect(atMs).toBe(durationMs);
      }),
    );
  });

  test('every arrival lies in a block of its own arm, and both arms have as many', () => {
    fc.assert(
      fc.property(drawn, ({ seed, pair, ratePerS, loadedMs }) => {
        const { durationMs, a, b } = switchbackBlocks(seed, pair, ratePerS, loadedMs);
        const counts = [a, b].map(({ shape, phases }) => {
          const schedule = createSchedule(shape, durationMs, seed);
          const spans = loadedIn(phases);
          for (let i = 0; i < schedule.count; i++) {
            const atMs = schedule.intendedNs(i) / 1e6;
            expect(spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)).toBe(true);
          }
          return schedule.count;
        });
        expect(counts[0]).toBe(counts[1]);
      }),
    );
  });

  test('blocks of one name lie beside each other, and which comes first is drawn', () => {
    const { a, b } = switchbackBlocks(7, 1, 200, 100_000);
    const starts = (arm: typeof a) => arm.phases.filter(({ name }) => name.startsWith('block-'));
    const [ofA, ofB] = [starts(a), starts(b)];
    expect(ofA.map(({ name }) => name)).toEqual(ofB.map(({ name }) => name));
    const apart = ofA.map((block, i) => block.fromMs - ofB[i]!.fromMs);
    expect(new Set(apart.map(Math.abs)).size).toBe(1);
    const share = apart.filter((ms) => ms < 0).length / apart.length;
    expect(Math.abs(share - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(apart.length));
  });

  test("an arm's trial has the load of its own blocks, for as long as both take", () => {
    const [a, b] = [specOf(1, 'a', 'switchback'), specOf(1, 'b', 'switchback')];
    expect(a.load.durationMs).toBe(2 * scenario.durationMs);
    expect(b.load.durationMs).toBe(a.load.durationMs);
    expect(a.load.shape).not.toEqual(b.load.shape);
    expect(createSchedule(a.load.shape, a.load.durationMs, 1).count).toBe(600);
  });
});

describe('trials that run at once', () => {
  test('begin at one instant, each told whose processes the others are', async () => {
    const meeting = openMeeting(2);
    const first = meeting.begin([1, 2], 150);
    await expect(Promise.race([first, Promise.resolve('waits')])).resolves.toBe('waits');
    const [a, b] = await Promise.all([first, meeting.begin([3], 150)]);
    expect(a.startNs).toBe(b.startNs);
    expect([a.othersPids, b.othersPids]).toEqual([[3], [1, 2]]);
    const [used, usedByOther] = await Promise.all([meeting.end(10), meeting.end(25)]);
    expect([used, usedByOther]).toEqual([25, 10]);
  });

  test('one that fails keeps nobody waiting', async () => {
    const meeting = openMeeting(2);
    const waiting = meeting.begin([1], 150);
    meeting.fail(new Error('it failed'));
    await expect(waiting).rejects.toThrow('it failed');
    await expect(meeting.end(1)).rejects.toThrow('it failed');
  });
});
