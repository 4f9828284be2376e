import { expect, test } from 'vitest';
import type { Phase } from '../../../src/measure/figures/figures.ts';
import { exactQuantilesCheck } from '../../../src/experiments/selftest/exact.ts';
import { effectAt, seriesOf } from '../../measure/synthetic.ts';
import { events, EVERY_MS, numbers, seenOf } from './selftest-measured.ts';

const ALL = numbers(1000);
/** Something that differs from arrival to arrival, and from phase to phase. */
const tookMs = (i: number) => 1 + (i % 97) / 10 + (i >= 500 ? 40 : 0);
const seen = seenOf({
  pattern: events,
  fates: ALL.map((i) => ({ dispatchedMs: (i % 7) / 100, acknowledgedMs: tookMs(i) })),
  effects: [0, 1].flatMap((subscriber) =>
    ALL.map((i) => effectAt(i, i * EVERY_MS + tookMs(i) + subscriber * (i % 5), { subscriber })),
  ),
  phases: [
    ['first', 0],
    ['second', 5000],
  ],
});

test('every series of every phase is that of its instants', () => {
  expect(exactQuantilesCheck(events, [seen])).toMatchObject({
    seeded: '32 exact quantiles of raw instants',
    reported: 'all equal',
    verdict: 'passed',
  });
});

test.each(['response', 'dispatchLag', 'completion', 'firstCompletion'] as const)(
  'a %s that is not that of the instants is noticed',
  (name) => {
    const off = { [name]: seriesOf(numbers(500).map(() => 1500)) } as Partial<Phase>;
    const phases = seen.trial.phases.map((phase, i) => (i === 1 ? { ...phase, ...off } : phase));
    const wrong = { ...seen, trial: { ...seen.trial, phases } };
    expect(exactQuantilesCheck(events, [seen, wrong]).verdict).toBe('failed');
  },
);

test('a sample too few is noticed', () => {
  const [first, second] = seen.trial.phases;
  const phases = [{ ...first!, response: seriesOf(numbers(499)) }, second!];
  const wrong = { ...seen, trial: { ...seen.trial, phases } };
  expect(exactQuantilesCheck(events, [wrong]).reported).toContain('response: 499 samples of 500');
});
