import { describe, expect, test } from 'vitest';
import type { Drive } from '../../src/trial/drive-parts.ts';
import { remainingBacklog, quiesce, whyNotQuiet } from '../../src/trial/quiescence.ts';
import { arrivalsOf, effectAt, OK } from '../measure/synthetic.ts';

const REFUSED = { dispatchedMs: 0, acknowledgedMs: 1, outcome: 'refused' } as const;

test('what was accepted is open until every subscriber has done it', () => {
  const effects = [effectAt(0, 5), effectAt(0, 6), effectAt(1, 6, { stage: 'warm-up' })];
  const open = remainingBacklog(arrivalsOf([OK, OK, REFUSED]), effects, () => [1, 1]);
  expect(open.count()).toBe(3);
  effects.push(effectAt(0, 9, { subscriber: 1 }), effectAt(1, 9), effectAt(2, 9, { subscriber: 7 }));
  expect(open.count()).toBe(1);
  effects.push(effectAt(1, 11, { subscriber: 1 }));
  expect(open.count()).toBe(0);
});

test('what is to be done twice is open until it was; what nobody waits for is not', () => {
  const effects = [effectAt(0, 5)];
  const open = remainingBacklog(arrivalsOf([OK]), effects, () => [0, 2]);
  expect(open.count()).toBe(1);
  effects.push(effectAt(0, 6, { subscriber: 1 }));
  expect(open.count()).toBe(1);
  effects.push(effectAt(0, 7, { subscriber: 1 }));
  expect(open.count()).toBe(0);
});

test('what was dead-lettered at one subscriber is still to be done by the other', () => {
  const open = remainingBacklog(arrivalsOf([OK]), [], () => [1, 1]);
  open.close([[0], []]);
  expect(open.count()).toBe(1);
  open.close([[], [0]]);
  expect(open.count()).toBe(0);
});

describe('work that is missing after the longest silence', () => {
  const AFTER = { arrivals: arrivalsOf([OK]), disturbedNs: null, readDeadLetters: async () => [] };

  /** A drive whose log stays silent for so many looks. */
  function silentFor(looks: number) {
    let drains = 0;
    const collector = {
      effects: [],
      drain: async () => (++drains > looks ? 'done' : 'stalled'),
      until: async () => true,
      quiet: async () => undefined,
    };
    const row = { subscribers: 2, definition: {} };
    const d = {
      spec: {
        system: { pattern: row },
        load: { drainMs: 10_000, mix: [{ operation: 'createUser', share: 1 }] },
        seed: 1,
      },
      collector,
      hopLogs: [],
      service: {},
      signal: new AbortController().signal,
      testbed: { progress: { phase: () => undefined } },
    } as unknown as Drive;
    return { d, drains: () => drains };
  }

  test('is lost where the broker has nothing any more', async () => {
    const { d, drains } = silentFor(Infinity);
    const rest = await quiesce(d, { ...AFTER, held: async () => [0, 0] });
    expect(rest).toEqual({ open: 2, capMs: null });
    expect(whyNotQuiet(rest, [0, 0])).toEqual([]);
    expect(drains()).toBe(2);
  });

  test('is waited for as long as the broker has it', async () => {
    const { d, drains } = silentFor(4);
    const rest = await quiesce(d, { ...AFTER, held: async () => [0, 1] });
    expect(rest.capMs).toBeNull();
    expect(drains()).toBe(5);
  });

  test('is late where it turns out to have been in the hand of a service that has ended', () => {
    expect(whyNotQuiet({ open: 1, capMs: null }, [0, 1])).toEqual([
      '1 accepted call was not done, and the broker still had 1 message for consumers that did not take them: late, not lost',
    ]);
    expect(whyNotQuiet({ open: 3, capMs: 63_000 }, [0, 3])).toEqual([
      '3 accepted calls were still being processed after 63 s',
    ]);
  });

  test('is said to be late, not lost, past the cap', async () => {
    const { d } = silentFor(Infinity);
    const rest = await quiesce(d, { ...AFTER, held: async () => [1, 2] });
    expect(whyNotQuiet(rest, [1, 2])).toEqual([
      '2 accepted calls were not done, and the broker still had 3 messages for consumers that did not take them: late, not lost',
    ]);
  });
});
