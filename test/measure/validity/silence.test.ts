import { expect, test } from 'vitest';
import { silenceIn } from '../../../src/measure/validity/silence.ts';

const S = 1e9;
/** 100/s for 5 s, each done 2 ms later, but what comes in a span from `from` to `to` s is done at its end. */
function asked(from: number, to: number, everyS = 0.01, workNs = 0) {
  const askedNs = Array.from({ length: Math.round(5 / everyS) }, (_, i) => i * everyS * S);
  const doneNs = askedNs.map((ns) => (ns >= from * S && ns < to * S ? to * S : ns + 0.002 * S));
  return { askedNs, doneNs, fromNs: 0, toNs: 5 * S, workNs };
}

test('a time in which nothing is done although calls come is a standstill, with its begin and its length', () => {
  const found = silenceIn(asked(2, 3.5))!;
  expect(found.fromNs / S).toBeCloseTo(1.992);
  expect(found.forNs / S).toBeCloseTo(1.508);
  expect(found.calls).toBe(150);
});

test('one that lasts to the end is found, too', () => {
  const { doneNs, ...rest } = asked(0, 0);
  const found = silenceIn({ ...rest, doneNs: doneNs.filter((ns) => ns < 3 * S) });
  expect(found!.forNs / S).toBeCloseTo(2, 1);
});

test('what is late, but does anything, does not stand still', () => {
  // It is overloaded: a third of all is done, in time order.
  const { askedNs, ...rest } = asked(0, 0);
  const doneNs = askedNs.map((ns) => ns * 3 + 0.1 * S);
  expect(silenceIn({ ...rest, askedNs, doneNs })).toBeUndefined();
  expect(silenceIn(asked(2, 2.9))).toBeUndefined();
});

test('work may take its time, and few calls prove nothing', () => {
  expect(silenceIn(asked(2, 3.5, 0.01, 0.3 * S))).toBeUndefined();
  expect(silenceIn(asked(2, 3.5, 0.01, 0.2 * S))).toBeDefined();
  expect(silenceIn(asked(2, 3.5, 0.25))).toBeUndefined();
});

test('before the first call nothing was asked, and after the span nobody looks', () => {
  const { askedNs, doneNs, ...rest } = asked(0, 0);
  const later = (all: readonly number[]) => all.filter((ns) => ns > 2 * S);
  expect(silenceIn({ ...rest, askedNs: later(askedNs), doneNs: later(doneNs) })).toBeUndefined();
  expect(silenceIn({ ...asked(2, 3.5), toNs: 2.5 * S })).toBeUndefined();
});
