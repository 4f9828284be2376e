import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import {
  mergeWaterfalls,
  nearQuantile,
  type Waterfall,
  waterfallOf,
  waterfallSchema,
} from '../../../src/measure/figures/waterfall.ts';
import { arrivalsOf, effectAt, type Fate, START_NS, TRIAL } from '../synthetic.ts';

const EVERY_MS = 10;

/** One request: how long each stage took, in ns. */
type Stages = readonly [
  lag: number,
  pool: number,
  there: number,
  queue: number,
  handler: number,
  back: number,
];

function endsNs(stages: Stages): number[] {
  let sum = 0;
  return stages.map((ns) => (sum += ns));
}

function fateOf(stages: Stages): Fate {
  const [dispatched, sent, , , , acknowledged] = endsNs(stages).map((ns) => ns / NS_PER_MS);
  return { dispatchedMs: dispatched!, sentMs: sent!, acknowledgedMs: acknowledged! };
}

function effectOf(stages: Stages, i: number, more: Partial<Effect> = {}): Effect {
  const [, , arrived, begun, completed] = endsNs(stages).map(
    (ns) => START_NS + i * EVERY_MS * NS_PER_MS + ns,
  );
  return effectAt(i, 0, { arrivedNs: arrived!, begunNs: begun!, completedNs: completed!, ...more });
}

function evidence(
  all: readonly Stages[],
  effects: readonly Effect[] = all.map((one, i) => effectOf(one, i)),
) {
  const schedule = { count: all.length, intendedNs: (i: number) => i * EVERY_MS * NS_PER_MS };
  const arrivals = arrivalsOf(all.map(fateOf), EVERY_MS);
  // Milliseconds have fractions; instants are whole.
  for (const column of [arrivals.dispatchedNs, arrivals.sentNs, arrivals.acknowledgedNs])
    column.set(column.map(Math.round));
  return { trial: TRIAL, schedule, arrivals, effects, subscribers: 1, isAnswered: true };
}

const stageNs = fc.integer({ min: 0, max: 5e7 });
const request = fc.tuple(stageNs, stageNs, stageNs, stageNs, stageNs, stageNs);

const countIn = ({ buckets }: Waterfall) => buckets.reduce((sum, [, count]) => sum + count!, 0);
const sumsIn = ({ stages, buckets }: Waterfall) =>
  stages.map((_, i) => buckets.reduce((sum, bucket) => sum + bucket[i + 2]!, 0));
const sumsOf = (all: readonly Stages[]) =>
  [0, 1, 2, 3, 4, 5].map((stage) => all.reduce((sum, one) => sum + one[stage]!, 0));

describe('a waterfall', () => {
  it('accounts for every nanosecond of every request, in whichever round it was', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 40 }), fc.nat(40), (all, cut) => {
        const whole = waterfallOf(evidence(all))!;
        expect(waterfallSchema.parse(whole)).toEqual(whole);
        expect(whole).toMatchObject({ of: 'response', excluded: 0 });
        expect(countIn(whole)).toBe(all.length);
        expect(sumsIn(whole)).toEqual(sumsOf(all));
        const rounds = [all.slice(0, cut), all.slice(cut)].filter(({ length }) => length > 0);
        expect(mergeWaterfalls(rounds.map((round) => waterfallOf(evidence(round))!))).toEqual(whole);
      }),
    );
  });

  it('of fewer than 21 requests tells their means, whatever the quantile', () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0.5, 0.99),
        (all, q) => {
          const near = nearQuantile(waterfallOf(evidence(all))!, q)!;
          expect(near.requests).toBe(all.length);
          const means = sumsOf(all).map((sum) => sum / all.length);
          expect(near.stages.map(({ meanNs }) => meanNs)).toEqual(means);
        },
      ),
    );
  });

  it('near a quantile looks at that part of the requests alone', () => {
    const quick: Stages = [10_000, 0, 200_000, 0, 300_000, 100_000];
    const queued: Stages = [10_000, 0, 200_000, 1e6, 300_000, 100_000];
    const slow: Stages = [10_000, 0, 200_000, 0, 300_000, 30e6];
    // 400, 300 and 300 of 1,000.
    const all = Array.from({ length: 1000 }, (_, i) => (i % 10 < 4 ? quick : i % 10 < 7 ? queued : slow));
    const waterfall = waterfallOf(evidence(all))!;
    for (const [quantile, requests, expected] of [
      [0.4, 400, quick],
      [0.5, 300, queued],
      [0.99, 300, slow],
    ] as const) {
      const near = nearQuantile(waterfall, quantile)!;
      expect(near.requests).toBe(requests);
      expect(near.stages.map(({ meanNs }) => meanNs)).toEqual(expected);
      expect(near.wholeNs).toBe(expected.reduce((a, b) => a + b));
    }
  });

  it('counts what has no instants in order, and does not explain it', () => {
    const plain: Stages = [1000, 1000, 1000, 1000, 1000, 1000];
    const all = [plain, plain, plain, plain];
    const effects = [
      effectOf(plain, 0),
      effectOf(plain, 1, { arrivedNs: NaN }),
      // Before it was sent.
      effectOf(plain, 2, { arrivedNs: START_NS }),
    ];
    const waterfall = waterfallOf(evidence(all, effects))!;
    expect(waterfall.excluded).toBe(3);
    expect(sumsIn(waterfall)).toEqual(plain);
  });

  it('gives what nobody saw to the next stage', () => {
    const all: Stages[] = [[1000, 2000, 3000, 4000, 5000, 6000]];
    const blind = evidence(all);
    blind.arrivals.sentNs.fill(NaN);
    expect(waterfallOf(blind)).toMatchObject({ stages: ['lag', 'there', 'queue', 'handler', 'back'] });
    expect(sumsIn(waterfallOf(blind)!)).toEqual([1000, 5000, 4000, 5000, 6000]);
    // A server of the user's own keeps no effect log.
    expect(sumsIn(waterfallOf({ ...evidence(all, []), subscribers: 0 })!)).toEqual([1000, 2000, 18_000]);
  });

  it('of rounds that saw different stages is none', () => {
    const all: Stages[] = [[1000, 2000, 3000, 4000, 5000, 6000]];
    const less = waterfallOf({ ...evidence(all, []), subscribers: 0 })!;
    expect(mergeWaterfalls([waterfallOf(evidence(all))!, less])).toBeUndefined();
  });
});

describe('a waterfall of work that nobody waits for', () => {
  const all: Stages[] = [
    [1000, 0, 3000, 4000, 5000, 6000],
    [1000, 0, 3000, 4000, 5000, 6000],
  ];

  it('ends when the last subscriber has done it, and is of those only that all have done', () => {
    const effects = [
      effectOf(all[0]!, 0),
      effectOf([1000, 0, 3000, 4000, 9000, 0], 0, { subscriber: 1 }),
      // Given out again later: it was done before.
      effectOf([1000, 0, 90_000, 0, 0, 0], 0, { subscriber: 1, attempt: 2 }),
      effectOf(all[1]!, 1),
    ];
    const waterfall = waterfallOf({ ...evidence(all, effects), subscribers: 2, isAnswered: false })!;
    expect(waterfall).toMatchObject({ of: 'completion', excluded: 0 });
    expect(sumsIn(waterfall)).toEqual([1000, 0, 3000, 4000, 9000]);
  });

  it('is none where nobody keeps an effect log', () => {
    expect(waterfallOf({ ...evidence(all, []), subscribers: 0, isAnswered: false })).toBeNull();
  });
});
