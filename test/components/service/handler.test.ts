import { describe, expect, it } from 'vitest';
import type { Handled } from '../../../src/kernel/contract.ts';
import type { Envelope } from '../../../src/kernel/envelope.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import type { EffectWriter } from '../../../src/measure/logs/effect-log.ts';
import { createHandler, type HandlerParts } from '../../../src/components/service/handler.ts';
import type { Processing } from '../../../src/components/service/processing.ts';
import { createConcurrencyLimiter } from '../../../src/components/service/concurrency-limiter.ts';

const DONE: Handled = { kind: 'done', body: {} };

function message(sequence: number, deadlineNs = 0): Incoming {
  const envelope: Envelope = { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs };
  return { operation: 'nothing', body: {}, envelope, redelivered: false };
}

/** A handler whose processing ends on demand, and everything that it did, in order. */
function testbed(parts: Partial<HandlerParts> & { slotCount?: number; queue?: number } = {}) {
  const events: string[] = [];
  const holds: (() => void)[] = [];
  const process: Processing = () => new Promise((resolve) => holds.push(resolve));
  const effects: EffectWriter = {
    write: (e, completedNs, concurrent) =>
      events.push(`effect ${e.sequence} at ${completedNs}, ${concurrent} inside`),
    [Symbol.dispose]: () => {},
  };
  const handler = createHandler({
    interaction: 'request-reply',
    limiter: createConcurrencyLimiter(parts.slotCount ?? 1, parts.queue ?? 10),
    process,
    perform: (_operation, _body, e) => {
      events.push(`work ${e.sequence}`);
      return DONE;
    },
    effects,
    clock: { nowNs: () => 1000 },
    ...parts,
  });
  const handle = async (m: Incoming) => {
    const handled = await handler(m);
    events.push(`${handled.kind} ${m.envelope.sequence}`);
    return handled;
  };
  /** Ends the oldest processing, once it has begun. */
  const release = async () => {
    while (holds.length === 0) await Promise.resolve();
    holds.shift()!();
  };
  return { handle, events, release };
}

describe('handler', () => {
  it('works, records the effect, and only then answers', async () => {
    const { handle, events, release } = testbed();
    const handled = handle(message(3));
    expect(events).toEqual([]);
    await release();
    expect(await handled).toBe(DONE);
    expect(events).toEqual(['work 3', 'effect 3 at 1000, 1 inside', 'done 3']);
  });

  it('processes one at a time: the next one waits for it', async () => {
    const { handle, events, release } = testbed();
    const both = [handle(message(1)), handle(message(2))];
    await release();
    await both[0];
    await release();
    await both[1];
    expect(events.filter((event) => !event.startsWith('done'))).toEqual([
      'work 1',
      'effect 1 at 1000, 1 inside',
      'work 2',
      'effect 2 at 1000, 1 inside',
    ]);
  });

  it('records when a message came, and when its processing began', async () => {
    let now = 0;
    const ways: unknown[] = [];
    const effects: EffectWriter = {
      write: ({ sequence }, completedNs, _concurrent, inService) =>
        ways.push({ sequence, completedNs, ...inService }),
      [Symbol.dispose]: () => {},
    };
    const { handle, release } = testbed({ effects, clock: { nowNs: () => now } });
    const first = handle(message(1));
    now = 5;
    const second = handle(message(2));
    now = 20;
    await release();
    await first;
    now = 50;
    await release();
    await second;
    expect(ways).toEqual([
      { sequence: 1, arrivedNs: 0, begunNs: 0, completedNs: 20 },
      { sequence: 2, arrivedNs: 5, begunNs: 20, completedNs: 50 },
    ]);
  });

  it('says how many are inside', async () => {
    const { handle, events, release } = testbed({ slotCount: 2 });
    const both = [handle(message(1)), handle(message(2))];
    await release();
    await both[0];
    expect(events).toContain('effect 1 at 1000, 2 inside');
    await release();
    await both[1];
    expect(events).toContain('effect 2 at 1000, 1 inside');
  });

  it('refuses past concurrency and queue, without effect', async () => {
    const { handle, events, release } = testbed({ queue: 1 });
    const accepted = [handle(message(1)), handle(message(2))];
    expect(await handle(message(3))).toMatchObject({ kind: 'failed', status: 'overloaded', noEffect: true });
    await release();
    await release();
    await Promise.all(accepted);
    expect(events.filter((event) => event.startsWith('effect'))).toHaveLength(2);
  });

  it('does not begin what nobody waits for any more', async () => {
    const { handle, events } = testbed();
    expect(await handle(message(1, 999))).toMatchObject({
      kind: 'failed',
      status: 'deadline-passed',
      noEffect: true,
    });
    expect(events).toEqual(['failed 1']);
  });

  it('looks at the deadline after the wait in the queue, not before', async () => {
    let now = 0;
    const { handle, release } = testbed({ clock: { nowNs: () => now } });
    const first = handle(message(1, 500));
    const second = handle(message(2, 500));
    now = 501;
    await release();
    expect(await first).toBe(DONE);
    expect(await second).toMatchObject({ status: 'deadline-passed' });
  });

  it('does what a queue hands out, however late', async () => {
    const { handle, release } = testbed({ interaction: 'work-queue' });
    const handled = handle(message(1, 999));
    await release();
    expect(await handled).toBe(DONE);
  });

  it('records nothing for a failure, and lets the next one in', async () => {
    const failed: Handled = { kind: 'failed', status: 'bad-request', noEffect: true, detail: 'no' };
    const { handle, events } = testbed({ perform: () => failed, process: undefined, queue: 0 });
    expect(await handle(message(1))).toBe(failed);
    expect(await handle(message(2))).toBe(failed);
    expect(events).toEqual(['failed 1', 'failed 2']);
  });

  it('never answers when the effect could not be recorded', async () => {
    const full: EffectWriter = {
      write: () => {
        throw new Error('disk full');
      },
      [Symbol.dispose]: () => {},
    };
    const { handle } = testbed({ effects: full, process: undefined });
    await expect(handle(message(1))).rejects.toThrow('disk full');
  });
});
