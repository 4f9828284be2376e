import { expect, test } from 'vitest';
import { contractFiguresOf } from '../../../src/measure/figures/contract-change.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import { arrivalsOf, effectAt, type Fate, OK, TRIAL } from '../synthetic.ts';

const SENT = 7;

function figures(
  fates: readonly Fate[],
  effects: readonly Effect[],
  more: { subscribers?: number; deadLettered?: number[][]; digest?: number } = {},
) {
  return contractFiguresOf({
    trial: TRIAL,
    arrivals: arrivalsOf(fates),
    effects,
    subscribers: more.subscribers ?? 1,
    deadLettered: more.deadLettered ?? [],
    digestAt: () => more.digest ?? SENT,
  });
}

const stored = (sequence: number, storedDigest: number, more: Partial<Effect> = {}) =>
  effectAt(sequence, 5, { storedDigest, ...more });
const NONE = { held: 0, refused: 0, caught: 0, deadLettered: 0, skipped: 0, silent: 0, other: 0 };

test('every call has one end, by who noticed', () => {
  const fates: Fate[] = [
    OK,
    OK,
    OK,
    OK,
    { ...OK, outcome: 'error', noEffect: true },
    { ...OK, outcome: 'contract-broken' },
    { ...OK, outcome: 'contract-broken' },
    { ...OK, outcome: 'timeout' },
    { ...OK, outcome: 'error' },
  ];
  const effects = [stored(0, SENT), stored(1, 8), stored(5, SENT), stored(6, 8), stored(8, SENT)];
  expect(figures(fates, effects, { deadLettered: [[2]] })).toEqual({
    counts: { held: 1, silent: 1, deadLettered: 1, skipped: 1, refused: 1, caught: 2, other: 2 },
    caughtLate: 1,
  });
});

test('with several subscribers all must have done it, and one that stored it otherwise is silent', () => {
  const effects = [
    stored(0, SENT),
    stored(0, SENT, { subscriber: 1 }),
    stored(1, SENT),
    stored(2, SENT),
    stored(2, 8, { subscriber: 1 }),
    // Done twice by one subscriber is not done by both.
    stored(3, SENT),
    stored(3, SENT),
  ];
  expect(figures([OK, OK, OK, OK], effects, { subscribers: 2 }).counts).toEqual({
    ...NONE,
    held: 1,
    skipped: 2,
    silent: 1,
  });
});

test('warm-up, other trials and contents that are not compared count for nothing', () => {
  const others = [stored(0, 8, { stage: 'warm-up' }), stored(0, 8, { trial: TRIAL + 1 }), stored(0, SENT)];
  expect(figures([OK], others).counts).toEqual({ ...NONE, held: 1 });
  expect(figures([OK], [stored(0, 8)], { digest: 0 }).counts).toEqual({ ...NONE, held: 1 });
});
