import { describe, expect, it } from 'vitest';
import type { Handled } from '../../src/kernel/contract.ts';
import type { Handler, Incoming } from '../../src/kernel/transport.ts';
import { createAnswers } from '../support/messages.ts';
import { openProxy } from '../support/proxy.ts';
import { createSink } from '../support/sink.ts';
import { openBench, SLOTS, type Subject } from '../support/transport-bench.ts';
import { ascending, asking, openPlace, outcomeOf, range, sequencesOf, traitsOf, turn } from './place.ts';

const FAILED: Handled = { kind: 'failed', status: 'bad-request', noEffect: true, detail: 'seeded' };

/** Whoever takes messages from a broker, and nobody waits for: in this process. */
export function describeConsumer(subject: Subject): void {
  describe.skipIf(traitsOf(subject).answered)('a consumer', () => {
    working(subject);
    comingBack(subject);
  });
}

function working(subject: Subject): void {
  const { oneAtATimePerKey } = traitsOf(subject);
  const ask = asking(subject);

  it('has never more messages at work than slots, and of one key one at a time where that is promised', async () => {
    const watched = createWatched(turn);
    await using bench = await openBench(subject);
    await using server = await bench.serve(watched.handler);
    await using connection = await bench.connect(server.address);
    await Promise.all(range(20 * SLOTS).map((i) => connection.send(ask(i, { key: i % (2 * SLOTS) }))));
    await watched.seen.holds(20 * SLOTS);
    expect(watched.most()).toBeLessThanOrEqual(SLOTS);
    if (oneAtATimePerKey) expect(watched.repeatedKeys()).toBe(0);
  });

  it.skipIf(oneAtATimePerKey)(
    'has as many messages at work as it has slots, and gets the next after each',
    async () => {
      const atWork: (() => void)[] = [];
      const watched = createWatched(() => new Promise((resolve) => atWork.push(resolve)));
      await using bench = await openBench(subject);
      await using server = await bench.serve(watched.handler);
      await using connection = await bench.connect(server.address);
      await Promise.all(range(5 * SLOTS).map((sequence) => connection.send(ask(sequence))));
      for (let finished = 0; finished < 5 * SLOTS; finished++) {
        await watched.begun.holds(Math.min(finished + SLOTS, 5 * SLOTS));
        atWork.shift()!();
      }
      expect(watched.most()).toBe(SLOTS);
    },
  );

  it('goes on after messages that fail, and gets none of them twice', async () => {
    const answers = createAnswers();
    await using place = await openPlace(subject, {
      handle: (message) => (message.envelope.sequence % 2 === 0 ? answers(message) : FAILED),
    });
    await using connection = await place.connect();
    await Promise.all(range(20).map((sequence) => connection.send(ask(sequence))));
    await place.seen.holds(20);
    await connection.send(ask(20));
    await place.seen.holds(21);
    expect(sequencesOf(place.seen.items).toSorted(ascending)).toEqual(range(21));
  });

  it('gets what was accepted before it was there', async () => {
    await using bench = await openBench(subject);
    await using connection = await bench.connect(bench.address!);
    const results = await Promise.all(range(20).map((i) => connection.send(ask(i, { key: i }))));
    expect(results.map(outcomeOf)).toEqual(range(20).map(() => undefined));
    const watched = createWatched(turn);
    await using server = await bench.serve(watched.handler);
    expect(server.address).toEqual(bench.address);
    await watched.seen.holds(20);
    expect(sequencesOf(watched.seen.items).toSorted(ascending)).toEqual(range(20));
  });
}

function comingBack(subject: Subject): void {
  const { oneAtATimePerKey, unmarkedRepeats } = traitsOf(subject);
  const ask = asking(subject);

  it('comes back after its connection was lost: nothing accepted is lost, never more at work than slots', async () => {
    await using bench = await openBench(subject);
    await using proxy = await openProxy(bench.address!);
    const release = Promise.withResolvers<void>();
    const { begun, handler, most } = createWatched(() => release.promise);
    await using server = await bench.serve(handler, proxy.address);
    await using connection = await bench.connect(bench.address!);
    const results = await Promise.all(range(3 * SLOTS).map((i) => connection.send(ask(i, { key: i }))));
    expect(results.map(outcomeOf)).toEqual(range(3 * SLOTS).map(() => undefined));
    expect(server.address).toEqual(proxy.address);
    await begun.holds(oneAtATimePerKey ? 1 : SLOTS);
    await proxy.cut();
    await proxy.restore();
    release.resolve();
    await begun.until((items) => new Set(sequencesOf(items)).size === 3 * SLOTS);
    expect(most()).toBeLessThanOrEqual(SLOTS);
    // A broker that commits offsets gives out again whatever was not committed, and doesn't say so.
    if (unmarkedRepeats) return;
    // Those at work when the connection was lost come again: their acknowledgement went nowhere.
    await begun.holds(4 * SLOTS);
    expect(begun.items.filter((message) => message.redelivered)).toHaveLength(SLOTS);
    expect(new Set(sequencesOf(begun.items)).size).toBe(3 * SLOTS);
    expect(most()).toBe(SLOTS);
  });
}

/** A handler that is watched at its work, which lasts as long as the test says. */
function createWatched(work: () => Promise<void>) {
  const answers = createAnswers();
  const begun = createSink<Incoming>();
  const seen = createSink<Incoming>();
  const keys: number[] = [];
  let most = 0;
  let repeatedKeys = 0;
  const handler: Handler = async (message) => {
    const { key } = message.envelope;
    if (keys.includes(key)) repeatedKeys++;
    most = Math.max(most, keys.push(key));
    begun.put(message);
    await work();
    keys.splice(keys.indexOf(key), 1);
    seen.put(message);
    return answers(message);
  };
  return {
    handler,
    /** What came, at the beginning and at the end of its work. */
    begun,
    seen,
    /** At work at once, at most. */
    most: () => most,
    /** How often a message was begun while another one of its key was at work. */
    repeatedKeys: () => repeatedKeys,
  };
}
