import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../src/kernel/clock.ts';
import {
  freezeChecks,
  generatorFreezeChecks,
  holdCheck,
  plantChecks,
} from '../../src/run/selftest-checks.ts';
import { exactQuantilesCheck } from '../../src/run/selftest-exact.ts';
import type { Seen } from '../../src/run/selftest-check.ts';
import type { Row } from '../../src/run/spec.ts';
import { judgeMeasurement } from '../../src/measure/judgement.ts';
import {
  arrivalsOf,
  effectAt,
  type Fate,
  measured,
  seriesOf,
  START_NS,
  TRIAL,
} from '../measure/synthetic.ts';

/** The selftest's own checks, on trials made by hand: each must pass on the truth and fail on a wrong report. */
const rest = { title: 'REST', interaction: 'request-reply' } as Row;
const EVERY_MS = 10;

function seenOf(
  fates: readonly Fate[],
  doneMs: (i: number) => number | undefined,
  fault?: [from: number, to: number],
): Seen {
  const effects = fates.flatMap((_, i) => {
    const done = doneMs(i);
    return done === undefined ? [] : [effectAt(i, done)];
  });
  effects.sort((a, b) => a.completedNs - b.completedNs);
  const figures = measured(fates, effects, {
    phases: [{ name: 'baseline', fromNs: 0, toNs: fates.length * EVERY_MS * NS_PER_MS }],
    deadlineNs: 60_000 * NS_PER_MS,
  });
  const { phases, ledgers, planned, unsent, strangers } = figures;
  const none = { steal: null, others: null };
  const evidence = {
    phases,
    measuredNs: 1e12,
    unsent,
    torn: 0,
    strangers,
    missing: [],
    failure: null,
    generator: null,
  };
  const measurement = judgeMeasurement({ ...evidence, machine: none });
  const at = (ms: number) => ms * NS_PER_MS;
  const faults = fault ? [{ injectedNs: at(fault[0]), liftedNs: at(fault[1]) }] : [];
  return {
    trial: { id: TRIAL, planned, phases, ledgers, measurement },
    raw: {
      arrivals: arrivalsOf(fates),
      effects,
      faults,
      schedule: { count: fates.length, intendedNs: (i: number) => i * EVERY_MS * NS_PER_MS },
    },
  } as unknown as Seen;
}

/** Arrivals every 10 ms; the service stopped from 2 s to 22 s, then 1 ms of work each. */
const COUNT = 5000;
const afterThaw = (i: number) => Math.max(i * EVERY_MS, i * EVERY_MS >= 2000 ? 22_000 + (i - 199) : 0) + 1;

function frozenService(shiftMs = 0): Seen {
  const wait = (i: number) => afterThaw(i) - i * EVERY_MS + (i >= 200 && i < 2200 ? shiftMs : 0);
  const fates = Array.from({ length: COUNT }, (_, i) => ({
    dispatchedMs: 0.1,
    acknowledgedMs: wait(i) + 0.1,
  }));
  return seenOf(fates, afterThaw, [2000, 22_000]);
}

test('a frozen service: what was planted passes, a report 5 % off does not', () => {
  expect(freezeChecks(rest, frozenService()).map((c) => c.passed)).toEqual([true, true, true, true]);
  const off = freezeChecks(rest, frozenService(-1000));
  expect(off.map((c) => c.passed)).toContain(false);
});

test('a frozen service: one call lost, or done twice, fails the counts', () => {
  const fates = Array.from({ length: COUNT }, () => ({ dispatchedMs: 0.1, acknowledgedMs: 1 }));
  const [lost] = freezeChecks(
    rest,
    seenOf(fates, (i) => (i === 9 ? undefined : i * EVERY_MS + 1), [2000, 22_000]),
  );
  expect(lost!.passed).toBe(false);
  fates[9] = { dispatchedMs: 0.1, acknowledgedMs: 1, outcome: 'timeout' } as Fate & (typeof fates)[number];
  const [late] = freezeChecks(
    rest,
    seenOf(fates, (i) => i * EVERY_MS + 1, [2000, 22_000]),
  );
  expect(late!.passed).toBe(false);
});

test('a frozen generator must show in the lag and the verdict, and not in service time', () => {
  const lagOf = (i: number) =>
    Math.max(0, i * EVERY_MS >= 2000 && i * EVERY_MS < 8000 ? 8000 - i * EVERY_MS : 0);
  const stalled = (serviceMs: (i: number) => number) =>
    seenOf(
      Array.from({ length: COUNT }, (_, i) => ({
        dispatchedMs: lagOf(i),
        acknowledgedMs: lagOf(i) + serviceMs(i),
      })),
      (i) => i * EVERY_MS + lagOf(i) + 0.5,
      [2000, 8000],
    );
  expect(
    generatorFreezeChecks(
      rest,
      stalled(() => 1),
    ).map((c) => c.passed),
  ).toEqual([true, true, true]);
  // Lag booked as the service's own time: the very thing that this is to find.
  const booked = stalled((i) => 1 + lagOf(i));
  expect(generatorFreezeChecks(rest, booked).map((c) => c.passed)).toEqual([true, false, true]);
  const hidden = seenOf(
    Array.from({ length: COUNT }, () => ({ dispatchedMs: 0.1, acknowledgedMs: 1 })),
    (i) => i * EVERY_MS + 1,
    [2000, 8000],
  );
  expect(generatorFreezeChecks(rest, hidden).map((c) => c.passed)).toEqual([false, false, false]);
});

test.each([
  [20, true],
  [20.5, true],
  [21, false],
  [19, false],
])('a hold of 20 ms reported as %s ms', (heldMs, passed) => {
  const at = (ms: number) =>
    seenOf(
      Array.from({ length: 400 }, () => ({ dispatchedMs: 0.1, acknowledgedMs: ms })),
      (i) => i * EVERY_MS + ms,
    );
  expect(holdCheck(rest, at(1), at(1 + heldMs)).passed).toBe(passed);
});

test('plants: found where they were written down, and nowhere else', () => {
  const fates = Array.from({ length: 300 }, () => ({ dispatchedMs: 0.1, acknowledgedMs: 1 }));
  const doneMs = (i: number) => (i === 50 ? undefined : i === 200 ? 2012 : i * EVERY_MS + 1);
  const seen = seenOf(fates, doneMs);
  const log = (lose: number, reorder: number) =>
    [
      { plant: 'lose', sequence: lose },
      { plant: 'reorder', sequence: reorder },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n');
  const passed = (text: string) => plantChecks(rest, seen, text).map((c) => c.passed);
  expect(passed(log(50, 200))).toEqual([true, false, true]);
  expect(passed(log(51, 200))).toEqual([false, false, true]);
  expect(passed('')).toEqual([false, false, false]);
});

test('quantiles: a series that is not that of the instants is noticed', () => {
  const seen = frozenService();
  expect(exactQuantilesCheck(rest, [seen]).passed).toBe(true);
  const response = seriesOf(Array.from({ length: COUNT }, () => 1500));
  const phases = [{ ...seen.trial.phases[0]!, response }];
  const wrong = { ...seen, trial: { ...seen.trial, phases } };
  expect(exactQuantilesCheck(rest, [wrong]).passed).toBe(false);
  expect(START_NS).toBe(seen.raw.arrivals.startNs);
});
