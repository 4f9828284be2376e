import { expect, test } from 'vitest';
import { freezeChecks, generatorFreezeChecks } from '../../../src/experiments/selftest/freeze.ts';
import { effectAt, type Fate } from '../../measure/synthetic.ts';
import { events, EVERY_MS, numbers, rest, seenOf, verdicts } from './selftest-measured.ts';

/** The service stopped from 2 s to 22 s; then 1 ms of work for each of what has come. */
const COUNT = 5000;
const ALL = numbers(COUNT);
const FROZEN = [2000, 22_000] as const;
const doneMs = (i: number) => Math.max(i * EVERY_MS, i >= 200 ? 22_000 + (i - 199) : 0) + 1;
const effects = ALL.map((i) => effectAt(i, doneMs(i)));
const good = { dispatchedMs: 0.1, acknowledgedMs: 1 };

function frozenService(shiftMs = 0) {
  const fates = ALL.map((i) => ({
    dispatchedMs: 0.1,
    acknowledgedMs: doneMs(i) - i * EVERY_MS + 0.1 + (i >= 200 && i < 2200 ? shiftMs : 0),
  }));
  return seenOf({ fates, effects, fault: FROZEN });
}

test('a frozen service: what was seeded passes, a report 5 % off does not', () => {
  expect(verdicts(freezeChecks(rest, frozenService()))).toEqual(['passed', 'passed', 'passed', 'passed']);
  expect(verdicts(freezeChecks(rest, frozenService(-1000)))).toContain('failed');
});

test('a frozen service: one call lost, late or done twice fails the counts', () => {
  const countsOf = (fates: readonly Fate[], done: typeof effects) =>
    freezeChecks(rest, seenOf({ fates, effects: done, fault: FROZEN }))[0]!.verdict;
  const fates: Fate[] = ALL.map(() => good);
  expect(countsOf(fates, effects)).toBe('passed');
  expect(countsOf(fates, effects.toSpliced(9, 1))).toBe('failed');
  expect(countsOf(fates, [...effects, effectAt(9, 100)])).toBe('failed');
  expect(countsOf(fates.with(9, { ...good, outcome: 'timeout' }), effects)).toBe('failed');
});

test('two frozen subscribers: the work is done when the slower one has done it', () => {
  const fates = ALL.map(() => good);
  // The first has done everything at once, as if it had never been frozen.
  const quick = ALL.map((i) => effectAt(i, i * EVERY_MS + 1, { subscriber: 0 }));
  const slow = effects.map((effect) => ({ ...effect, subscriber: 1 }));
  const seen = seenOf({ pattern: events, fates, effects: [...quick, ...slow], fault: FROZEN });
  expect(verdicts(freezeChecks(events, seen))).toEqual(['passed', 'passed', 'passed', 'passed']);
  const [phase] = seen.trial.phases;
  const booked = { ...phase!, completion: phase!.firstCompletion! };
  const wrong = { ...seen, trial: { ...seen.trial, phases: [booked] } };
  expect(verdicts(freezeChecks(events, wrong))).toEqual(['passed', 'failed', 'failed', 'failed']);
});

/** Frozen from 2 s to 8 s. */
const lagMs = (i: number) => (i >= 200 && i < 800 ? 8000 - i * EVERY_MS : 0);

function stalled(shownLagMs: (i: number) => number, serviceMs: (i: number) => number) {
  const fates = ALL.map((i) => ({
    dispatchedMs: shownLagMs(i),
    acknowledgedMs: shownLagMs(i) + serviceMs(i),
  }));
  const done = ALL.map((i) => effectAt(i, i * EVERY_MS + lagMs(i) + 0.5));
  return verdicts(generatorFreezeChecks(rest, seenOf({ fates, effects: done, fault: [2000, 8000] })));
}

test('a frozen generator must show in the lag and the verdict, and not in service time', () => {
  expect(stalled(lagMs, () => 1)).toEqual(['passed', 'passed', 'passed']);
  // Lag booked as the service's own time: the very thing that this is to find.
  expect(stalled(lagMs, (i) => 1 + lagMs(i))).toEqual(['passed', 'failed', 'passed']);
  expect(
    stalled(
      () => 0.1,
      () => 1,
    ),
  ).toEqual(['failed', 'failed', 'failed']);
});
