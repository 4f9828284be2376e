import { describe, expect, it } from 'vitest';
import type { Call, SendResult } from '../../src/kernel/transport.ts';
import type { Effect } from '../../src/measure/logs/effect-log.ts';
import { openServiceTestbed } from '../support/service-bench.ts';
import { openBench, type BenchSettings, type Subject } from '../support/transport-bench.ts';
import { ascending, asking, range, sendUntilAccepted, traitsOf } from './place.ts';

/** A real service process behind the transport: evidence before acknowledgement, kill -9, restart. */
export function describeProcess(subject: Subject): void {
  describe('the service process', () => {
    working(subject);
    dying(subject);
  });
  describe.runIf(traitsOf(subject).answered)('an overloaded service', () => overloaded(subject));
}

/** Real processes, and a broker's place for them. */
export async function openProcesses(subject: Subject, settings: BenchSettings = {}) {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await openBench(subject, settings));
  const testbed = stack.use(await openServiceTestbed(subject));
  const owned = stack.move();
  return { bench, testbed, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function working(subject: Subject): void {
  const { answered, streams, oneAtATimePerKey } = traitsOf(subject);
  const ask = asking(subject);
  /** A stream takes a fifth of a second. */
  const few = streams ? 6 : 60;

  it('has each effect in the log before it replies, and every one in the end', async () => {
    await using place = await openProcesses(subject);
    await using service = await place.testbed.start({}, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    for (const sequence of range(few)) {
      const result = await connection.send(ask(sequence, { key: sequence % 3 }));
      expect(result).toMatchObject({ kind: answered ? 'reply' : 'ack' });
      // Nothing is waited for here: at the moment of the reply the record is in the file.
      if (answered) expect(place.testbed.effects().at(-1)).toMatchObject({ sequence, key: sequence % 3 });
    }
    const effects = await place.testbed.holds(few);
    expect(doneSequences(effects).toSorted(ascending)).toEqual(range(few));
    expect(effects.every((effect) => effect.pid === service.pids[0])).toBe(true);
  });

  it('never works on more at once than it has slots, and uses them all', async () => {
    await using place = await openProcesses(subject, { concurrency: 3 });
    await using service = await place.testbed.start({ concurrency: 3, processingMs: 5 }, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    await sendAll(subject, connection.send, range(few));
    const effects = await place.testbed.holds(few);
    expect(Math.max(...effects.map((effect) => effect.concurrent))).toBe(3);
  });

  it.skipIf(streams)('keeps the order of each key with one slot', async () => {
    await using place = await openProcesses(subject, { concurrency: 1 });
    await using service = await place.testbed.start({ concurrency: 1 }, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    for (const sequence of range(200)) {
      const sent = connection.send(ask(sequence, { key: sequence % 7 }));
      // Over one connection a queue keeps the order by itself; many connections of request-reply can't.
      if (answered) await sent;
    }
    expectOrderOfKeys(await place.testbed.holds(200), 200);
  });

  it.runIf(oneAtATimePerKey && !answered)('keeps the order of each key with many slots', async () => {
    await using place = await openProcesses(subject, { concurrency: 4 });
    await using service = await place.testbed.start({ concurrency: 4, processingMs: 1 }, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    for (const sequence of range(300)) void connection.send(ask(sequence, { key: sequence % 7 }));
    const effects = await place.testbed.holds(300);
    expectOrderOfKeys(effects, 300);
    // Otherwise it would be no more than one slot keeps.
    expect(Math.max(...effects.map((effect) => effect.concurrent))).toBeGreaterThan(1);
  });

  it.runIf(streams)(
    'records nothing of a stream whose reader left, and one effect of each that ended',
    async () => {
      await using place = await openProcesses(subject);
      await using service = await place.testbed.start({ concurrency: 1 }, place.bench.address);
      await using connection = await place.bench.connect(service.address);
      for await (const item of connection.open!(ask(1))) {
        expect(item.kind).toBe('reply');
        break;
      }
      // Its only slot is free again, or this would never end.
      expect(await connection.send(ask(2))).toMatchObject({ kind: 'reply' });
      expect(doneSequences(place.testbed.effects())).toEqual([2]);
    },
  );
}

function dying(subject: Subject): void {
  const { answered, streams, queued } = traitsOf(subject);
  /** So many are sent, and so many done when it is killed. */
  const [sentCount, doneCount] = streams ? [24, 4] : [300, 40];

  it('after kill -9 amid work: what was acknowledged is done, and work goes on after a restart', async () => {
    await using place = await openProcesses(subject);
    // Long enough that some are left when the signal has come.
    await using service = await place.testbed.start({ processingMs: 10 }, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    const firstPid = service.pids[0];
    const sent = sendAll(subject, connection.send, range(sentCount));
    await place.testbed.holds(doneCount);
    await service.faultTarget.signal('SIGKILL');
    await service.faultTarget.ended();
    // Over a broker a request waits for whoever comes next.
    if (queued) await service.faultTarget.restart();
    const results = await sent;
    const evidence = doneSequences(place.testbed.effects());

    const accepted = where(results, (result) => result.kind !== 'failure');
    const promised = where(results, (result) => result.kind === 'failure' && result.noEffect);
    if (answered) expect(accepted.filter((sequence) => !evidence.includes(sequence))).toEqual([]);
    if (queued) expect(accepted).toEqual(range(sentCount));
    else expect(accepted.length).toBeLessThan(sentCount);

    if (!queued) await service.faultTarget.restart();
    expect(service.pids[0]).not.toBe(firstPid);
    await sendUntilAccepted(subject, connection.send, 1000);
    // Settles only when nothing that was accepted is missing.
    await place.testbed.holdsEach(new Set(accepted));
    await place.testbed.holds(1, (effect) => effect.sequence >= 1000 && effect.pid === service.pids[0]);
    const done = doneSequences(place.testbed.effects());
    expect(promised.filter((sequence) => done.includes(sequence))).toEqual([]);
  });

  it('ends when asked to, and can be started again at its address', async () => {
    await using place = await openProcesses(subject);
    const service = await place.testbed.start({}, place.bench.address);
    const { address } = service;
    await using connection = await place.bench.connect(address);
    await sendUntilAccepted(subject, connection.send, 0);
    await place.testbed.holds(1);
    await service[Symbol.asyncDispose]();
    await using again = await place.testbed.start({}, address);
    expect(again.address).toEqual(address);
    await sendUntilAccepted(subject, connection.send, 1);
    await place.testbed.holds(1, (effect) => effect.pid === again.pids[0]);
  });
}

function overloaded(subject: Subject): void {
  const ask = asking(subject);

  // A broker hands out no more than there are slots.
  it.skipIf(traitsOf(subject).queued)(
    'refuses past slots and queue with the promise of no effect, and keeps it',
    async () => {
      await using place = await openProcesses(subject, { concurrency: 1 });
      await using service = await place.testbed.start(
        { concurrency: 1, queue: 2, processingMs: 20 },
        place.bench.address,
      );
      await using connection = await place.bench.connect(service.address);
      const results = await sendAll(subject, connection.send, range(20));
      const accepted = where(results, (result) => result.kind === 'reply');
      const refused = where(results, (result) => result.kind === 'failure');
      expect(accepted.length).toBeGreaterThanOrEqual(3);
      expect(refused.length).toBeGreaterThan(0);
      for (const sequence of refused) {
        expect(results[sequence]).toMatchObject({ outcome: 'error', noEffect: true });
      }
      expect(doneSequences(place.testbed.effects()).toSorted(ascending)).toEqual(accepted);
    },
  );

  it('does not begin what is past its deadline', async () => {
    await using place = await openProcesses(subject);
    await using service = await place.testbed.start({}, place.bench.address);
    await using connection = await place.bench.connect(service.address);
    const result = await connection.send(ask(1, { deadlineNs: 1 }));
    expect(result).toMatchObject({ outcome: 'error', answered: 'deadline-passed', noEffect: true });
    await connection.send(ask(2));
    expect(doneSequences(place.testbed.effects())).toEqual([2]);
  });
}

export function sendAll(subject: Subject, send: Call, sequences: readonly number[]): Promise<SendResult[]> {
  const ask = asking(subject);
  return Promise.all(sequences.map((sequence) => send(ask(sequence, { key: sequence }))));
}

function expectOrderOfKeys(effects: readonly Effect[], count: number): void {
  expect(effects).toHaveLength(count);
  for (const [key, ofKey] of Map.groupBy(effects, (effect) => effect.key)) {
    const sequences = doneSequences(ofKey);
    expect(sequences, `key ${key}`).toEqual(sequences.toSorted(ascending));
  }
}

function where(results: readonly SendResult[], matches: (result: SendResult) => boolean): number[] {
  return results.flatMap((result, sequence) => (matches(result) ? [sequence] : []));
}

export function doneSequences(effects: readonly Effect[]): number[] {
  return effects.map((effect) => effect.sequence);
}
