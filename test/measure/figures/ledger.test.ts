import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Acceptance, Outcome } from '../../../src/kernel/outcome.ts';
import { ledgerOf } from '../../../src/measure/figures/ledger.ts';
import { tallyEffects } from '../../../src/measure/figures/tally.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import { arrivalsOf, effectAt, type Fate, OK, TRIAL } from '../synthetic.ts';

function ledger(
  fates: readonly Fate[],
  effects: readonly Effect[],
  deadLettered: readonly number[] = [],
  held = 0,
) {
  const tally = tallyEffects({ trial: TRIAL, count: fates.length, subscribers: 1 }, effects);
  return ledgerOf(arrivalsOf(fates), tally.subscribers[0]!, {
    deadLettered: new Set(deadLettered),
    held,
  });
}

const none = { done0: 0, done1: 0, doneMore: 0, deadLettered: 0 };

describe('acceptance', () => {
  const rows: [outcome: Outcome, noEffect: boolean, acceptance: Acceptance][] = [
    ['ok', false, 'accepted'],
    ['refused', false, 'refused'],
    ['rejected', false, 'refused'],
    ['unsent', false, 'refused'],
    ['error', true, 'refused'],
    ['error', false, 'unknown'],
    ['timeout', false, 'unknown'],
    ['connection-lost', false, 'unknown'],
    ['contract-broken', false, 'unknown'],
    ['unfinished', false, 'unknown'],
  ];
  it.each(rows)('of %s (no effect: %s) is %s', (outcome, noEffect, acceptance) => {
    const found = ledger([{ dispatchedMs: 0, acknowledgedMs: 1, outcome, noEffect }], []);
    expect(found[acceptance]).toEqual({ ...none, done0: 1 });
  });

  it('of a success that nobody confirmed is unknown', () => {
    expect(ledger([{ dispatchedMs: 0, outcome: 'ok' }], []).unknown.done0).toBe(1);
  });
});

describe('delivery', () => {
  const refused: Fate = { dispatchedMs: 0, acknowledgedMs: 1, outcome: 'refused' };
  const timeout: Fate = { dispatchedMs: 0, acknowledgedMs: 1, outcome: 'timeout' };

  it('accepted and never done is lost; refused or unknown and never done is not', () => {
    const found = ledger([OK, OK, refused, timeout], [effectAt(0, 1)]);
    expect(found).toMatchObject({ lost: 1, phantom: 0, duplicates: 0, accepted: { done0: 1, done1: 1 } });
    expect(found.examples['lost']).toEqual([1]);
  });

  it('what the broker still has is late, and never lost; what it has beyond that was accepted by nobody', () => {
    const fates = [OK, OK, OK, refused];
    const done = [effectAt(0, 1)];
    expect(ledger(fates, done, [], 1)).toMatchObject({ lost: 1, late: 1, accepted: { done0: 2 } });
    const late = ledger(fates, done, [], 7);
    expect(late).toMatchObject({ lost: 0, late: 2, accepted: { done0: 2 } });
    expect(late.examples).toMatchObject({ lost: [], late: [1, 2] });
    expect(ledger(fates, done, [1], 1)).toMatchObject({ lost: 0, late: 1, accepted: { deadLettered: 1 } });
  });

  it('refused and done is a phantom, however often', () => {
    const found = ledger([refused, refused], [effectAt(0, 1), effectAt(1, 2), effectAt(1, 3)]);
    expect(found).toMatchObject({ phantom: 2, refused: { done0: 0, done1: 1, doneMore: 1 } });
    expect(found.examples['phantom']).toEqual([0, 1]);
  });

  it('unknown and done is neither', () => {
    expect(ledger([timeout], [effectAt(0, 1)])).toMatchObject({ lost: 0, phantom: 0, unknown: { done1: 1 } });
  });

  it('done more than once is a duplicate, whatever the attempt and the acceptance', () => {
    const effects = [0, 1, 2].flatMap((i) => [
      effectAt(i, i),
      effectAt(i, i + 9, { attempt: i === 0 ? 1 : 2 }),
    ]);
    const found = ledger([OK, timeout, refused, OK], [...effects, effectAt(0, 20), effectAt(3, 4)]);
    expect(found.duplicates).toBe(3);
    expect(found.examples['duplicates']).toEqual([0, 1, 2]);
    expect([found.accepted.doneMore, found.unknown.doneMore, found.refused.doneMore]).toEqual([1, 1, 1]);
  });

  it('accepted, never done and dead-lettered is not lost', () => {
    const found = ledger([OK, OK], [], [1]);
    expect(found).toMatchObject({ lost: 1, accepted: { ...none, done0: 1, deadLettered: 1 } });
    expect([found.examples['lost'], found.examples['deadLettered']]).toEqual([[0], [1]]);
  });

  it('dead-lettered and done all the same counts as done, however often', () => {
    const found = ledger([OK, OK], [effectAt(0, 1), effectAt(1, 1), effectAt(1, 2)], [0, 1]);
    expect(found).toMatchObject({ accepted: { ...none, done1: 1, doneMore: 1 }, duplicates: 1 });
    expect(found.examples['deadLettered']).toEqual([]);
  });

  it('refused or unknown and dead-lettered is neither lost nor a phantom', () => {
    const found = ledger([refused, timeout], [], [0, 1]);
    expect(found).toMatchObject({
      lost: 0,
      phantom: 0,
      refused: { deadLettered: 1 },
      unknown: { deadLettered: 1 },
    });
  });

  it('puts every planned arrival in exactly one of twelve cells', () => {
    const fate = fc.constantFrom<Fate>(OK, refused, timeout, {});
    const some = fc.array(fc.nat(50), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 40 }), some, some, (fates, doneIn, deadIn) => {
        const found = ledger(
          fates,
          doneIn.map((sequence, i) => effectAt(sequence, i)),
          deadIn,
        );
        const rows = [found.accepted, found.refused, found.unknown].map((row) => Object.values(row));
        expect(rows.map((row) => row.length)).toEqual([4, 4, 4]);
        expect(rows.flat().reduce((sum, n) => sum + n, 0)).toBe(fates.length);
        const isIn = (list: readonly number[], i: number) => list.includes(i);
        const nowhere = fates.filter((f, i) => f === OK && !isIn(doneIn, i) && !isIn(deadIn, i));
        expect(found.lost).toBe(nowhere.length);
      }),
    );
  });

  it('keeps the first ten examples', () => {
    const lost = ledger(
      Array.from({ length: 25 }, () => OK),
      [],
    );
    expect(lost.lost).toBe(25);
    expect(lost.examples['lost']).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('order', () => {
  const all = Array.from({ length: 6 }, () => OK);
  const outOfOrder = (effects: Effect[]) => ledger(all, effects).examples['outOfOrder'];

  it('is kept per key only', () => {
    expect(
      outOfOrder([effectAt(4, 1, { key: 1 }), effectAt(2, 2, { key: 2 }), effectAt(5, 3, { key: 1 })]),
    ).toEqual([]);
    expect(
      outOfOrder([effectAt(4, 1, { key: 1 }), effectAt(2, 2, { key: 1 }), effectAt(3, 3, { key: 1 })]),
    ).toEqual([2, 3]);
  });

  it('is that of the instants, not of the log', () => {
    expect(outOfOrder([effectAt(1, 20), effectAt(0, 10)])).toEqual([]);
    expect(outOfOrder([effectAt(0, 20), effectAt(1, 10)])).toEqual([0]);
  });

  it('looks at first effects only: a repeat is a duplicate, not out of order', () => {
    const found = ledger(all, [effectAt(0, 1), effectAt(1, 2), effectAt(0, 3)]);
    expect(found).toMatchObject({ outOfOrder: 0, duplicates: 1 });
  });

  it('is whole for any delivery once per key in sequence order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 40 }), fc.nat(1000), (keys, seed) => {
        // Keys interleave in any way, as long as each advances in sequence order.
        const effects = keys.map((key, i) => effectAt(i, ((seed * (key + 1)) % 50) + i * (key + 1), { key }));
        const found = ledger(
          keys.map(() => OK),
          effects,
        );
        expect(found).toMatchObject({ outOfOrder: 0, lost: 0, duplicates: 0 });
      }),
    );
  });
});
