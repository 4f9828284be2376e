import { expect, test } from 'vitest';
import { delayChecks } from '../../../src/experiments/selftest/delay.ts';
import { effectAt } from '../../measure/synthetic.ts';
import { events, EVERY_MS, numbers, rest, seenOf, verdicts } from './selftest-measured.ts';

const ALL = numbers(400);
const isHeld = (i: number) => i >= 100 && i < 300;
const phases = [
  ['free-1', 0],
  ['held', 1000],
  ['free-2', 3000],
] as const;

test.each([
  [20, 'passed'],
  [20.5, 'passed'],
  [21, 'failed'],
  [19, 'failed'],
])('a hold of 20 ms reported as %s ms: %s', (delayedMs, verdict) => {
  const tookMs = (i: number) => 1 + (isHeld(i) ? delayedMs : 0);
  const fates = ALL.map((i) => ({ dispatchedMs: 0.1, acknowledgedMs: tookMs(i) }));
  const effects = ALL.map((i) => effectAt(i, i * EVERY_MS + tookMs(i)));
  expect(verdicts(delayChecks(rest, seenOf({ fates, effects, phases })))).toEqual([verdict]);
});

test('a steady drift of 2 ms over the trial adds nothing to a hold that lies in its middle', () => {
  const tookMs = (i: number) => 1 + i / 200 + (isHeld(i) ? 20 : 0);
  const fates = ALL.map((i) => ({ dispatchedMs: 0.1, acknowledgedMs: tookMs(i) }));
  const effects = ALL.map((i) => effectAt(i, i * EVERY_MS + tookMs(i)));
  expect(verdicts(delayChecks(rest, seenOf({ fates, effects, phases })))).toEqual(['passed']);
});

/** @param delayedMs of each subscriber */
function held(delayedMs: readonly [number, number]) {
  const fates = ALL.map(() => ({ dispatchedMs: 0.1, acknowledgedMs: 1 }));
  const effects = delayedMs.flatMap((ms, subscriber) =>
    ALL.map((i) => effectAt(i, i * EVERY_MS + 1 + (isHeld(i) ? ms : 0), { subscriber })),
  );
  return verdicts(delayChecks(events, seenOf({ pattern: events, fates, effects, phases })));
}

test('one subscriber held: the last completion moves, the first does not', () => {
  expect(held([0, 20])).toEqual(['passed', 'passed']);
  expect(held([20, 20])).toEqual(['passed', 'failed']);
  expect(held([0, 0])).toEqual(['failed', 'passed']);
});
