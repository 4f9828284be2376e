import { describe, expect, it } from 'vitest';
import type { Connection, SendResult } from '../../src/kernel/transport.ts';
import type { Effect } from '../../src/measure/effect-log.ts';
import { openServiceRig } from '../support/service-rig.ts';
import { createUser, openBench, type Subject } from '../support/transport-rig.ts';

/** A real service process behind the transport: evidence before acknowledgement, kill -9, restart. */
export function describeProcess(subject: Subject): void {
  const replies = subject.interaction === 'request-reply' || subject.interaction === 'server-stream';

  async function open(slots = 4) {
    const stack = new AsyncDisposableStack();
    const bench = stack.use(await openBench(subject, { slots }));
    const rig = stack.use(await openServiceRig(subject));
    return { bench, rig, stack, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }

  describe('the service process', () => {
    it('has each effect in the log before it replies, and every one in the end', async () => {
      await using place = await open();
      await using service = await place.rig.start({}, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      for (let sequence = 0; sequence < 50; sequence++) {
        const result = await connection.send(createUser(sequence, { key: sequence % 3 }));
        expect(result).toMatchObject({ kind: replies ? 'reply' : 'ack' });
        // Nothing is waited for here: at the moment of the reply the record is in the file.
        if (replies) expect(place.rig.effects().at(-1)).toMatchObject({ sequence, key: sequence % 3 });
      }
      const effects = await place.rig.holds(50);
      expect(sequencesOf(effects).toSorted(ascending)).toEqual(range(50));
      expect(effects.every((effect) => effect.pid === service.pids[0])).toBe(true);
    });

    it('never works on more at once than it has slots, and uses them all', async () => {
      await using place = await open(3);
      await using service = await place.rig.start({ slots: 3, holdMs: 5 }, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      await sendAll(connection, range(90));
      const effects = await place.rig.holds(90);
      expect(Math.max(...effects.map((effect) => effect.concurrent))).toBe(3);
    });

    it('keeps the order of each key with one slot', async () => {
      await using place = await open(1);
      await using service = await place.rig.start({ slots: 1 }, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      for (const sequence of range(200)) {
        const sent = connection.send(createUser(sequence, { key: sequence % 7 }));
        // Over one connection a queue keeps the order by itself; many connections of request-reply can't.
        if (replies) await sent;
      }
      const effects = await place.rig.holds(200);
      for (const key of range(7)) {
        const sequences = sequencesOf(effects.filter((effect) => effect.key === key));
        expect(sequences).toEqual(sequences.toSorted(ascending));
      }
    });

    it('after kill -9 amid work: what was acknowledged is done, and work goes on after a restart', async () => {
      await using place = await open();
      await using service = await place.rig.start({ holdMs: 2 }, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      const firstPid = service.pids[0];
      const sent = sendAll(connection, range(300));
      await place.rig.holds(40);
      await service.signal('SIGKILL');
      await service.ended();
      // Over a broker a request waits for whoever comes next.
      if (subject.definition.broker) await service.restart();
      const results = await sent;
      const evidence = sequencesOf(place.rig.effects());

      const accepted = where(results, (result) => result.kind !== 'failure');
      const refused = where(results, (result) => result.kind === 'failure' && result.noEffect);
      if (replies) expect(accepted.filter((sequence) => !evidence.includes(sequence))).toEqual([]);
      else expect(accepted).toEqual(range(300));
      expect(refused.filter((sequence) => evidence.includes(sequence))).toEqual([]);

      if (!subject.definition.broker) await service.restart();
      expect(service.pids[0]).not.toBe(firstPid);
      await sendUntilAccepted(connection, 1000);
      const expected = new Set([...accepted, ...evidence]);
      // Settles only when nothing that was accepted is missing.
      await place.rig.holdsEach(expected);
      await place.rig.holds(1, (effect) => effect.sequence >= 1000 && effect.pid === service.pids[0]);
    });

    it('ends when asked to, and can be started again at its address', async () => {
      await using place = await open();
      const service = await place.rig.start({}, place.bench.address);
      const { address } = service;
      await using connection = await place.bench.connect(address);
      await sendUntilAccepted(connection, 0);
      await place.rig.holds(1);
      await service[Symbol.asyncDispose]();
      await using again = await place.rig.start({}, address);
      expect(again.address).toEqual(address);
      await sendUntilAccepted(connection, 1);
      await place.rig.holds(1, (effect) => effect.pid === again.pids[0]);
    });
  });

  describe.runIf(replies)('an overloaded service', () => {
    // A broker hands out no more than there are slots.
    it.skipIf(subject.definition.broker)(
      'refuses past slots and queue with the promise of no effect, and keeps it',
      async () => {
        await using place = await open(1);
        await using service = await place.rig.start({ slots: 1, queue: 2, holdMs: 20 }, place.bench.address);
        await using connection = await place.bench.connect(service.address);
        const results = await sendAll(connection, range(20));
        const accepted = where(results, (result) => result.kind === 'reply');
        const refused = where(results, (result) => result.kind === 'failure');
        expect(accepted.length).toBeGreaterThanOrEqual(3);
        expect(refused.length).toBeGreaterThan(0);
        for (const sequence of refused) {
          expect(results[sequence]).toMatchObject({ outcome: 'error', noEffect: true });
        }
        expect(sequencesOf(place.rig.effects()).toSorted(ascending)).toEqual(accepted);
      },
    );

    it('does not begin what is past its deadline', async () => {
      await using place = await open();
      await using service = await place.rig.start({}, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      const result = await connection.send(createUser(1, { deadlineNs: 1 }));
      expect(result).toMatchObject({ kind: 'failure', outcome: 'error', noEffect: true });
      await connection.send(createUser(2));
      expect(sequencesOf(place.rig.effects())).toEqual([2]);
    });
  });
}

function sendAll(connection: Connection, sequences: readonly number[]): Promise<SendResult[]> {
  return Promise.all(sequences.map((sequence) => connection.send(createUser(sequence, { key: sequence }))));
}

async function sendUntilAccepted(connection: Connection, from: number): Promise<void> {
  for (let sequence = from; ; sequence++) {
    const result = await connection.send(createUser(sequence));
    if (result.kind !== 'failure') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function where(results: readonly SendResult[], matches: (result: SendResult) => boolean): number[] {
  return results.flatMap((result, sequence) => (matches(result) ? [sequence] : []));
}

function sequencesOf(effects: readonly Effect[]): number[] {
  return effects.map((effect) => effect.sequence);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function ascending(a: number, b: number): number {
  return a - b;
}
