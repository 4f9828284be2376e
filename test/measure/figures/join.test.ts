import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { OUTCOMES } from '../../../src/kernel/outcome.ts';
import { maxErrorUs, maximumUs, mergeSeries, quantileUs } from '../../../src/measure/figures/histogram.ts';
import { measureTrial } from '../../../src/measure/figures/join.ts';
import { arrivalsOf, effectAt, exactQuantile, type Fate, measured, OK, TRIAL } from '../synthetic.ts';

const ms = (n: number) => n * NS_PER_MS;
const only = (figures: ReturnType<typeof measured>) => figures.phases[0]!;

const lateAt = (acknowledgedMs: number): Fate => ({ dispatchedMs: 600, acknowledgedMs, outcome: 'ok' });

/** Doubles at an uptime of an hour hold instants to less than 1 ns. */
const near = (us: number) => maxErrorUs(us) + 0.001;

describe('four instants', () => {
  const phase = only(
    measured([{ dispatchedMs: 3, sentMs: 4, acknowledgedMs: 10, outcome: 'ok' }], [effectAt(0, 25)]),
  );

  it('count dispatch lag from the intended instant', () => expect(maximumUs(phase.dispatchLag)).toBe(3000));
  it('count service time from dispatch', () => expect(maximumUs(phase.serviceTime)).toBe(7000));
  it('count response time from the intended instant', () => expect(maximumUs(phase.response)).toBe(10_000));
  it('count completion from the intended instant', () => expect(maximumUs(phase.completion)).toBe(25_000));
  it('count the wait for a connection from dispatch', () =>
    expect(maximumUs(phase.connectionWait!)).toBe(1000));
  it('count calls that found a free connection as such', () => {
    const free: Fate = { dispatchedMs: 3, sentMs: 3, acknowledgedMs: 10, outcome: 'ok' };
    expect(only(measured([free], [])).connectionWait).toMatchObject({ count: 1, nonPositive: 1 });
  });

  it('have no wait for a connection where it can not be seen', () => {
    expect(only(measured([OK], [])).connectionWait).toBeNull();
  });

  it('give quantiles within the histogram error of the exact ones', () => {
    const fateMs = fc.integer({ min: 1, max: 3_000_000 }).map((us) => us / 1000);
    fc.assert(
      fc.property(
        fc.array(fateMs, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 1000 }),
        (allMs, perMille) => {
          const fates = allMs.map((m): Fate => ({ dispatchedMs: 0.5, acknowledgedMs: m, outcome: 'ok' }));
          const effects = allMs.map((m, i) => effectAt(i, i * 10 + 2 * m));
          const found = only(measured(fates, effects));
          const exactUs = exactQuantile(allMs, perMille) * 1000;
          expect(Math.abs(quantileUs(found.response, perMille / 1000)! - exactUs)).toBeLessThanOrEqual(
            near(exactUs),
          );
          expect(Math.abs(quantileUs(found.completion, perMille / 1000)! - 2 * exactUs)).toBeLessThanOrEqual(
            near(2 * exactUs),
          );
        },
      ),
    );
  });
});

describe('samples', () => {
  it('of zero or less are counted', () => {
    const phase = only(
      measured([{ dispatchedMs: -0.5, acknowledgedMs: 2, outcome: 'ok' }], [effectAt(0, 0)]),
    );
    expect(phase.dispatchLag).toMatchObject({ count: 1, nonPositive: 1 });
    expect(phase.completion).toMatchObject({ count: 1, nonPositive: 1 });
  });

  it('are never made up: one for each thing that happened, through a stall of 1.4 s', () => {
    const stalled = Array.from({ length: 300 }, (_, i): Fate => {
      const lagMs = i >= 100 && i < 240 ? 1400 - (i - 100) * 10 : 0;
      return { dispatchedMs: lagMs, acknowledgedMs: lagMs + 1, outcome: 'ok' };
    });
    const phase = only(
      measured(
        stalled,
        stalled.map((_, i) => effectAt(i, 5000)),
      ),
    );
    expect([
      phase.dispatchLag.count,
      phase.serviceTime.count,
      phase.response.count,
      phase.completion.count,
    ]).toEqual([300, 300, 300, 300]);
    expect(maximumUs(phase.dispatchLag)).toBe(1_400_000);
    expect(maximumUs(phase.serviceTime)).toBe(1000);
  });

  it('are missing where nothing happened: unsent, unfinished, undone', () => {
    const figures = measured([{ outcome: 'unsent' }, { dispatchedMs: 1, outcome: 'unfinished' }], []);
    const phase = only(figures);
    expect(figures.unsent).toBe(1);
    expect([phase.dispatchLag.count, phase.response.count, phase.completion.count]).toEqual([1, 0, 0]);
    expect(phase).toMatchObject({ planned: 2, outcomes: { unsent: 1, unfinished: 1 }, correct: 0, done: 0 });
  });
});

describe('outcomes', () => {
  it('put failures in every denominator, with their own latencies', () => {
    const phase = only(
      measured(
        [
          OK,
          { dispatchedMs: 0.1, acknowledgedMs: 4, outcome: 'error', status: 503 },
          { dispatchedMs: 0.1, acknowledgedMs: 1000, outcome: 'timeout' },
          { dispatchedMs: 0.1, acknowledgedMs: 5, outcome: 'error', status: 503 },
        ],
        [],
      ),
    );
    expect(phase).toMatchObject({
      planned: 4,
      correct: 1,
      outcomes: { ok: 1, error: 2, timeout: 1 },
      failures: { 'error 503': 2, timeout: 1 },
    });
    expect(phase.response.count).toBe(1);
    expect(phase.serviceTime.count).toBe(1);
    expect(maximumUs(phase.failedAfter.error!)).toBe(5000);
    expect(maximumUs(phase.failedAfter.timeout!)).toBe(1_000_000);
  });

  it('are correct up to the deadline after the intended instant, however late the dispatch', () => {
    expect(only(measured([1000, 1000.01, 1500].map(lateAt), []))).toMatchObject({
      correct: 1,
      outcomes: { ok: 3 },
    });
  });

  it('are not correct where the contract broke, or nobody confirmed', () => {
    const broken: Fate = { dispatchedMs: 0, acknowledgedMs: 1, outcome: 'contract-broken' };
    expect(only(measured([broken, { dispatchedMs: 0, outcome: 'ok' }], [])).correct).toBe(0);
  });
});

describe('work', () => {
  it('is done in time up to the deadline after the intended instant, and done whenever it was', () => {
    const phase = only(measured([OK, OK, OK], [effectAt(0, 1000), effectAt(1, 1010.5), effectAt(2, 9000)]));
    expect(phase).toMatchObject({ done: 3, doneInTime: 1 });
  });

  it('of a call that failed counts as done all the same', () => {
    const phase = only(
      measured([{ dispatchedMs: 0, acknowledgedMs: 900, outcome: 'timeout' }], [effectAt(0, 700)]),
    );
    expect(phase).toMatchObject({ correct: 0, done: 1, doneInTime: 1 });
    expect(phase.completion.count).toBe(1);
  });

  it('is completed by the first effect of each arrival, whatever the order in the log', () => {
    const phase = only(measured([OK], [effectAt(0, 80, { attempt: 2 }), effectAt(0, 30)]));
    expect(maximumUs(phase.completion)).toBe(30_000);
    expect(phase.completion.count).toBe(1);
  });

  it('is done when the last subscriber has done it', () => {
    const effects = [effectAt(0, 5), effectAt(0, 40, { subscriber: 1 }), effectAt(1, 12)];
    const figures = measured([OK, OK], effects, { subscribers: 2 });
    expect(only(figures)).toMatchObject({ done: 1 });
    expect(maximumUs(only(figures).completion)).toBe(40_000);
    expect(figures.ledgers.map((ledger) => ledger.lost)).toEqual([0, 1]);
  });

  it('is begun with the first subscriber that has done it, whoever else never does', () => {
    const effects = [effectAt(0, 40), effectAt(0, 5, { subscriber: 1 }), effectAt(1, 12, { subscriber: 1 })];
    const phase = only(measured([OK, OK], effects, { subscribers: 2 }));
    expect(phase.firstCompletion).toMatchObject({ count: 2 });
    expect([maximumUs(phase.firstCompletion!), maximumUs(phase.completion)]).toEqual([5000, 40_000]);
    expect(only(measured([OK], [effectAt(0, 5)])).firstCompletion).toBeNull();
  });

  it('is that of this trial and its measured stage only', () => {
    const foreign = [
      effectAt(0, 5, { trial: TRIAL + 1 }),
      effectAt(0, 5, { stage: 'warm-up' }),
      effectAt(0, 5, { stage: 'steady-state' }),
    ];
    const figures = measured([OK], foreign);
    expect(figures).toMatchObject({ unexplained: 0, maxConcurrent: 0, drainMs: 0 });
    expect(only(figures).done).toBe(0);
  });

  it('of a topology is done when all services that it gets to have done it, as often as ways lead there', () => {
    const fanOut = (i: number) =>
      [
        [1, 2, 0],
        [1, 0, 1],
      ][i]!;
    const below = (i: number, atMs: number, subscriber: number) => effectAt(i, atMs, { subscriber });
    const all = [below(0, 7, 0), below(0, 9, 1), below(0, 5, 1), below(1, 12, 0), below(1, 14, 2)];
    const whole = measured([OK, OK], all, { subscribers: 3, fanOut });
    expect(only(whole).done).toBe(2);
    expect(maximumUs(only(whole).completion)).toBe(9000);
    const cells = ({ accepted }: (typeof whole.ledgers)[number]) => Object.values(accepted);
    expect(whole.ledgers.map(cells)).toEqual([
      [0, 2, 0, 0],
      [0, 1, 0, 0],
      [0, 1, 0, 0],
    ]);
    // One of two ways is not all of it; a third time is a repeat; what its operation does not reach is strange.
    const half = measured([OK, OK], all.slice(0, 2), { subscribers: 3, fanOut });
    expect(half.ledgers.map(({ lost }) => lost)).toEqual([1, 1, 1]);
    expect(only(half).done).toBe(0);
    const more = measured([OK, OK], [...all, below(0, 6, 1), below(1, 6, 1)], { subscribers: 3, fanOut });
    expect([more.ledgers[1]!.duplicates, more.unexplained]).toEqual([1, 1]);
    expect(maximumUs(only(more).completion)).toBe(7000);
  });

  it('that no arrival or subscriber explains is counted as strange', () => {
    const figures = measured([OK], [effectAt(1, 5), effectAt(0, 5, { subscriber: 1 }), effectAt(0, 6)]);
    expect(figures.unexplained).toBe(2);
    expect(only(figures).done).toBe(1);
  });

  it('is unknown where no effect log is kept', () => {
    const figures = measured([OK, OK], [], { subscribers: 0 });
    expect(figures).toMatchObject({ ledgers: [], backlogAtLastArrival: 0 });
    expect(only(figures)).toMatchObject({ done: 0, correct: 2 });
  });

  it('left over when the last arrival was due is the backlog; the drain ends with the last effect', () => {
    const effects = [effectAt(0, 5), effectAt(1, 21), effectAt(3, 35, { concurrent: 4 })];
    expect(measured([OK, OK, OK, OK], effects)).toMatchObject({
      backlogAtLastArrival: 2,
      drainMs: 5,
      maxConcurrent: 4,
    });
  });
});

describe('phases', () => {
  const phases = [
    { name: 'baseline', fromNs: 0, toNs: ms(20) },
    { name: 'outage', fromNs: ms(20), toNs: ms(40) },
    { name: 'recovery', fromNs: ms(40), toNs: ms(50) },
  ] as const;

  it('are those of the intended instant, whenever the call ended and the work was done', () => {
    const slow: Fate = { dispatchedMs: 25, acknowledgedMs: 39, outcome: 'ok' };
    const fates = Array.from({ length: 6 }, () => slow);
    const figures = measured(
      fates,
      fates.map((_, i) => effectAt(i, 300)),
      { phases },
    );
    expect(figures.phases.map((p) => [p.name, p.planned, p.response.count, p.completion.count])).toEqual([
      ['baseline', 2, 2, 2],
      ['outage', 2, 2, 2],
      ['recovery', 2, 2, 2],
    ]);
  });

  it('must follow each other without gaps', () => {
    expect(() => measured([OK], [], { phases: [] })).toThrow(RangeError);
    expect(() => measured([OK], [], { phases: [phases[0], phases[2]] })).toThrow(/without gaps/);
  });

  it('and arrivals must be of one schedule', () => {
    expect(() => measured([OK], [], { schedule: { count: 2, intendedNs: () => 0 } })).toThrow(
      /Expected 2 arrivals, found 1/,
    );
  });
});

describe('sums', () => {
  const fate = fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    noEffect: fc.boolean(),
    dispatchedMs: fc.integer({ min: -1000, max: 50_000 }).map((us) => us / 1000),
    acknowledgedMs: fc.integer({ min: 0, max: 2_000_000 }).map((us) => us / 1000),
  });
  const effect = fc
    .record({
      sequence: fc.nat(40),
      atMs: fc.integer({ min: 0, max: 4_000_000 }).map((us) => us / 1000),
      subscriber: fc.nat(2),
      key: fc.nat(3),
    })
    .map(({ sequence, atMs, ...more }) => effectAt(sequence, atMs, more));

  it('hold for any trial: each arrival is in one phase, one outcome and one cell of each ledger', () => {
    fc.assert(
      fc.property(
        fc.array(fate, { maxLength: 35 }),
        fc.array(effect, { maxLength: 80 }),
        (fates, effects) => {
          const figures = measured(fates, effects, {
            subscribers: 2,
            phases: [
              { name: 'baseline', fromNs: 0, toNs: ms(100) },
              { name: 'outage', fromNs: ms(100), toNs: ms(200) },
            ],
          });
          const sum = (of: (phase: (typeof figures.phases)[number]) => number) =>
            figures.phases.reduce((n, p) => n + of(p), 0);
          expect(sum((p) => p.planned)).toBe(fates.length);
          expect(sum((p) => Object.values(p.outcomes).reduce((a, b) => a + b, 0))).toBe(fates.length);
          expect(sum((p) => p.response.count)).toBe(fates.filter((f) => f.outcome === 'ok').length);
          expect(sum((p) => p.completion.count)).toBe(sum((p) => p.done));
          for (const { accepted, refused, unknown } of figures.ledgers) {
            const cells = [accepted, refused, unknown].flatMap((row) => [row.done0, row.done1, row.doneMore]);
            expect(cells.reduce((a, b) => a + b, 0)).toBe(fates.length);
          }
          const planned = (e: (typeof effects)[number]) => e.sequence < fates.length && e.subscriber < 2;
          expect(figures.unexplained).toBe(effects.filter((e) => !planned(e)).length);
        },
      ),
    );
  });

  it('of the phases are the trial as a whole', () => {
    const fates = Array.from({ length: 20 }, (_, i): Fate => ({
      dispatchedMs: 1,
      acknowledgedMs: 2 + i,
      outcome: 'ok',
    }));
    const split = measured(fates, [], {
      phases: [
        { name: 'baseline', fromNs: 0, toNs: ms(100) },
        { name: 'recovery', fromNs: ms(100), toNs: ms(200) },
      ],
    });
    const merged = mergeSeries(split.phases.map((p) => p.response));
    expect(merged.histogram).toBe(only(measured(fates, [])).response.histogram);
  });
});

it('arrivals due in the last second are counted for any load shape', () => {
  const dueMs = [0, 500, 1500, 1600, 2400, 2500];
  const figures = measureTrial({
    trial: TRIAL,
    schedule: { count: dueMs.length, intendedNs: (i) => ms(dueMs[i]!) },
    arrivals: arrivalsOf(dueMs.map(() => OK)),
    effects: [],
    phases: [{ name: 'baseline', fromNs: 0, toNs: ms(3000) }],
    deadlineNs: ms(1000),
    subscribers: 1,
  });
  expect(figures.arrivalsInLastSecond).toBe(3);
});
