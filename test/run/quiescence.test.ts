import { expect, test } from 'vitest';
import { openWork } from '../../src/run/quiescence.ts';
import { arrivalsOf, effectAt, OK } from '../measure/synthetic.ts';

const REFUSED = { dispatchedMs: 0, acknowledgedMs: 1, outcome: 'refused' } as const;

test('what was accepted is open until every subscriber has done it', () => {
  const effects = [effectAt(0, 5), effectAt(0, 6), effectAt(1, 6, { stage: 'warm-up' })];
  const open = openWork(arrivalsOf([OK, OK, REFUSED]), effects, 2);
  expect(open.count()).toBe(3);
  effects.push(effectAt(0, 9, { subscriber: 1 }), effectAt(1, 9), effectAt(2, 9, { subscriber: 7 }));
  expect(open.count()).toBe(1);
  effects.push(effectAt(1, 11, { subscriber: 1 }));
  expect(open.count()).toBe(0);
});

test('what was put aside at one subscriber is still to be done by the other', () => {
  const open = openWork(arrivalsOf([OK]), [], 2);
  open.close([[0], []]);
  expect(open.count()).toBe(1);
  open.close([[], [0]]);
  expect(open.count()).toBe(0);
});
