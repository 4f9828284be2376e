import { describe, expect, it } from 'vitest';
import type { Handled, StreamPlan } from '../../../src/kernel/contract.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import type { EffectWriter } from '../../../src/measure/logs/effect-log.ts';
import { createConcurrencyLimiter } from '../../../src/components/service/concurrency-limiter.ts';
import { createStreamHandler } from '../../../src/components/service/stream-handler.ts';

const PLAN: StreamPlan = { items: ['a', 'b', 'c'], everyMs: 10 };
const START_NS = 5e9;
const never = new AbortController().signal;

type Parts = Parameters<typeof createStreamHandler>[0];

function message(sequence: number, deadlineNs = 0): Incoming {
  const envelope = { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs } as const;
  return { operation: 'watch', body: {}, envelope, redelivered: false };
}

/** A handler under a clock that only its alarm moves on, and what it did, in order. */
function testbed(parts: Partial<Parts> & { slotCount?: number; queue?: number } = {}) {
  let now = START_NS;
  const events: string[] = [];
  const limiter = createConcurrencyLimiter(parts.slotCount ?? 1, parts.queue ?? 10);
  const effects: EffectWriter = {
    write: (e, completedNs) => events.push(`effect ${e.sequence} at ${(completedNs - START_NS) / 1e6}`),
    [Symbol.dispose]: () => {},
  };
  const handler = createStreamHandler({
    interaction: 'server-stream',
    limiter,
    process: undefined,
    perform: () => ({ kind: 'done', body: PLAN }),
    effects,
    clock: { nowNs: () => now },
    alarm: async (dueNs) => void (now = Math.max(now, dueNs)),
    ...parts,
  });
  const collect = async (m: Incoming, signal: AbortSignal = never, costMs = 0): Promise<Handled[]> => {
    const all: Handled[] = [];
    for await (const handled of handler(m, signal)) {
      const what = handled.kind === 'done' ? handled.body : handled.status;
      events.push(`${String(what)} at ${(now - START_NS) / 1e6}`);
      all.push(handled);
      now += costMs * 1e6;
    }
    events.push('end');
    return all;
  };
  /** Item by item, as the test wants it. */
  const open = (m: Incoming, signal: AbortSignal = never) => handler(m, signal)[Symbol.asyncIterator]();
  return { handler, open, collect, events, limiter };
}

describe('a stream', () => {
  it('gives each item at its instant, then the record, then the end', async () => {
    const { collect, events } = testbed();
    expect(await collect(message(7))).toEqual(PLAN.items.map((body) => ({ kind: 'done', body })));
    expect(events).toEqual(['a at 0', 'b at 10', 'c at 20', 'effect 7 at 20', 'end']);
  });

  it('goes by its start: what one item takes longer delays none after it', async () => {
    const late = testbed();
    await late.collect(message(1), never, 4);
    expect(late.events.slice(0, 3)).toEqual(['a at 0', 'b at 10', 'c at 20']);
    const tooLate = testbed();
    await tooLate.collect(message(1), never, 15);
    expect(tooLate.events.slice(0, 3)).toEqual(['a at 0', 'b at 15', 'c at 30']);
  });

  it('without items is one record', async () => {
    const { collect, events } = testbed({
      perform: () => ({ kind: 'done', body: { items: [], everyMs: 10 } }),
    });
    expect(await collect(message(1))).toEqual([]);
    expect(events).toEqual(['effect 1 at 0', 'end']);
  });

  it('keeps its slot to the end: the next one waits, past the queue it is refused', async () => {
    const { open, collect, events, limiter } = testbed({ queue: 1 });
    const first = open(message(1));
    expect(await first.next()).toMatchObject({ value: { body: 'a' } });
    const second = collect(message(2));
    expect(await collect(message(3))).toMatchObject([
      { kind: 'failed', status: 'overloaded', noEffect: true },
    ]);
    expect(events).toEqual(['overloaded at 0', 'end']);
    while (!(await first.next()).done);
    expect(await second).toHaveLength(3);
    expect(events.filter((event) => event.startsWith('effect'))).toEqual([
      'effect 1 at 20',
      'effect 2 at 40',
    ]);
    expect(limiter.taken).toBe(0);
  });

  it('holds its slot before the first item', async () => {
    const held = Promise.withResolvers<void>();
    const { collect, events } = testbed({ process: () => held.promise });
    const all = collect(message(1));
    await Promise.resolve();
    expect(events).toEqual([]);
    held.resolve();
    expect(await all).toHaveLength(3);
  });
});

describe('a stream that comes to nothing', () => {
  it('says its failure as the only item, and records nothing', async () => {
    const failed: Handled = { kind: 'failed', status: 'not-found', noEffect: true, detail: 'nobody' };
    const { collect, events, limiter } = testbed({ perform: () => failed });
    expect(await collect(message(1))).toEqual([failed]);
    expect(events).toEqual(['not-found at 0', 'end']);
    expect(limiter.taken).toBe(0);
  });

  it('does not begin past its deadline', async () => {
    const { collect, limiter } = testbed();
    expect(await collect(message(1, START_NS - 1))).toMatchObject([
      { status: 'deadline-passed', noEffect: true },
    ]);
    expect(limiter.taken).toBe(0);
  });

  it.each([1, 2, 3])(
    'records nothing where its caller leaves after item %d, and frees the slot',
    async (n) => {
      const { handler, events, limiter } = testbed();
      let seen = 0;
      for await (const handled of handler(message(1), never)) {
        expect(handled.kind).toBe('done');
        if (++seen === n) break;
      }
      expect([seen, events, limiter.taken]).toEqual([n, [], 0]);
    },
  );

  it('ends where the signal aborts between two items', async () => {
    const gone = new AbortController();
    const { open, events, limiter } = testbed();
    const stream = open(message(1), gone.signal);
    await stream.next();
    gone.abort();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect([events, limiter.taken]).toEqual([[], 0]);
  });

  it('records nothing where the signal aborts after the last item', async () => {
    const gone = new AbortController();
    const { open, events } = testbed();
    const stream = open(message(1), gone.signal);
    for (let i = 0; i < PLAN.items.length; i++) await stream.next();
    gone.abort();
    expect(await stream.next()).toMatchObject({ done: true });
    expect(events).toEqual([]);
  });

  it('does no work for one who left while it waited for a slot', async () => {
    let performed = 0;
    const { open, limiter } = testbed({
      perform: () => {
        performed++;
        return { kind: 'done', body: PLAN };
      },
    });
    const first = open(message(1));
    await first.next();
    const gone = new AbortController();
    const waiting = open(message(2), gone.signal).next();
    gone.abort();
    await first.return!(undefined);
    expect(await waiting).toMatchObject({ done: true });
    expect([performed, limiter.taken]).toEqual([1, 0]);
  });
});
