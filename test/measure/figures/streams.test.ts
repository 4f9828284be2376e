import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { maximumUs, mergeSeries } from '../../../src/measure/figures/histogram.ts';
import { measureTrial } from '../../../src/measure/figures/join.ts';
import type { StreamSource } from '../../../src/measure/figures/streams.ts';
import { arrivalsOf, effectAt, type Fate, OK, START_NS, TRIAL } from '../synthetic.ts';

const EVERY_MS = 10;
const ms = (n: number) => n * NS_PER_MS;
const ITEMS: StreamSource = { from: 'items', everyNs: ms(EVERY_MS) };
const EFFECTS: StreamSource = { from: 'effects' };
const WHOLE = [{ name: 'baseline', fromNs: 0, toNs: ms(60_000) }];

/** Streams due 100 ms apart; each item in ms after its stream was due, NaN = never came. */
function streams(itemsMs: readonly (readonly number[])[], fates: readonly Fate[] = itemsMs.map(() => OK)) {
  const perArrival = itemsMs[0]?.length ?? 0;
  const ns = Float64Array.from(itemsMs.flatMap((items, i) => items.map((at) => START_NS + ms(i * 100 + at))));
  return { ...arrivalsOf(fates, 100), items: { perArrival, ns } };
}

function measured(
  arrivals: ReturnType<typeof arrivalsOf>,
  source: StreamSource | undefined,
  more: Partial<Parameters<typeof measureTrial>[0]> = {},
) {
  return measureTrial({
    trial: TRIAL,
    schedule: { count: arrivals.count, intendedNs: (i) => ms(i * 100) },
    arrivals,
    effects: [],
    phases: WHOLE,
    deadlineNs: ms(1000),
    subscribers: 1,
    ...(source ? { streams: source } : {}),
    ...more,
  }).phases;
}

describe('streams of a service', () => {
  it('begin with their first item, counted from when it was due', () => {
    const [phase] = measured(streams([[3, 13, 23]]), ITEMS);
    expect(phase!.firstItem).toMatchObject({ count: 1 });
    expect(maximumUs(phase!.firstItem!)).toBe(3000);
  });

  it('are as even as their gaps are near the plan, before and after it alike', () => {
    const even = measured(streams([[30, 40, 50, 60]]), ITEMS)[0]!.itemJitter!;
    expect(even).toMatchObject({ count: 3, nonPositive: 3 });
    const late = measured(streams([[3, 17]]), ITEMS)[0]!.itemJitter!;
    const early = measured(streams([[3, 9]]), ITEMS)[0]!.itemJitter!;
    expect([maximumUs(late), maximumUs(early)]).toEqual([4000, 4000]);
  });

  it('have no gap from one stream to the next', () => {
    expect(
      measured(
        streams([
          [3, 13],
          [5, 15],
        ]),
        ITEMS,
      )[0]!.itemJitter,
    ).toMatchObject({ count: 2 });
  });

  it('that failed say nothing, however far they came', () => {
    const lost: Fate = { dispatchedMs: 0.1, acknowledgedMs: 14, outcome: 'connection-lost' };
    const [phase] = measured(
      streams(
        [
          [3, 13, NaN],
          [4, 14, 24],
        ],
        [lost, OK],
      ),
      ITEMS,
    );
    expect([phase!.firstItem!.count, phase!.itemJitter!.count]).toEqual([1, 2]);
    expect(maximumUs(phase!.firstItem!)).toBe(4000);
  });

  it('belong, to their last item, to the phase in which they were due', () => {
    const phases = [
      { name: 'baseline', fromNs: 0, toNs: ms(100) },
      { name: 'outage', fromNs: ms(100), toNs: ms(200) },
    ];
    const found = measured(
      streams([
        [3, 140, 150],
        [4, 14, 24],
      ]),
      ITEMS,
      { phases },
    );
    expect(found.map((phase) => phase.itemJitter!.count)).toEqual([2, 2]);
    expect(maximumUs(found[0]!.itemJitter!)).toBe(127_000);
  });

  it('are none where nothing streams', () => {
    expect(measured(arrivalsOf([OK]), undefined)[0]).toMatchObject({ firstItem: null, itemJitter: null });
  });
});

describe("a subscriber's effects", () => {
  const arrivals = (n: number) =>
    arrivalsOf(
      Array.from({ length: n }, () => OK),
      100,
    );

  it('are each an answer to an arrival of their own, at every subscriber', () => {
    const effects = [effectAt(0, 4), effectAt(0, 9, { subscriber: 1 }), effectAt(1, 102)];
    const [phase] = measured(arrivals(2), EFFECTS, { effects, subscribers: 2 });
    expect(phase!.firstItem).toMatchObject({ count: 3 });
    expect(maximumUs(phase!.firstItem!)).toBe(9000);
  });

  it('flow as evenly as their gaps are near those of the plan, for each key and subscriber', () => {
    const effects = [
      effectAt(0, 4),
      effectAt(2, 207),
      effectAt(0, 9, { subscriber: 1 }),
      effectAt(2, 204, { subscriber: 1 }),
      // Of another key: no gap to the others.
      effectAt(1, 190, { key: 1 }),
    ];
    const [phase] = measured(arrivals(3), EFFECTS, { effects, subscribers: 2 });
    expect(phase!.itemJitter).toMatchObject({ count: 2 });
    expect(maximumUs(phase!.itemJitter!)).toBe(5000);
  });

  it('that never came leave the gap between their neighbours', () => {
    const [phase] = measured(arrivals(3), EFFECTS, { effects: [effectAt(0, 4), effectAt(2, 211)] });
    expect(phase!.itemJitter).toMatchObject({ count: 1 });
    expect(maximumUs(phase!.itemJitter!)).toBe(7000);
  });

  it('in another order than planned are far off the plan, not negative', () => {
    const [phase] = measured(arrivals(2), EFFECTS, { effects: [effectAt(0, 120), effectAt(1, 110)] });
    expect(maximumUs(phase!.itemJitter!)).toBe(110_000);
    expect(phase!.itemJitter).toMatchObject({ nonPositive: 0 });
  });
});

it('the same instants are as even, whether a service streams them or a subscriber does them', () => {
  const lags = fc.array(fc.integer({ min: 0, max: 9_000_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(lags, (lagsNs) => {
      const at = lagsNs.map((ns, j) => j * EVERY_MS + ns / NS_PER_MS);
      const one = measured(streams([at]), ITEMS)[0]!;
      const many = measureTrial({
        trial: TRIAL,
        schedule: { count: at.length, intendedNs: (i) => ms(i * EVERY_MS) },
        arrivals: arrivalsOf(at.map(() => OK)),
        effects: at.map((atMs, i) => effectAt(i, atMs)),
        phases: WHOLE,
        deadlineNs: ms(1000),
        subscribers: 1,
        streams: EFFECTS,
      }).phases[0]!;
      expect(many.itemJitter!.histogram).toBe(one.itemJitter!.histogram);
      expect(mergeSeries([many.firstItem!]).count).toBe(at.length);
      expect(one.firstItem!.count).toBe(1);
    }),
  );
});
