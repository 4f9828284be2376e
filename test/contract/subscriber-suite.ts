import { hasSubscribers } from '../../src/contracts/interactions.ts';
import { describe, expect, it } from 'vitest';
import type { RunningService } from '../../src/components/service/start-service.ts';
import type { Subject } from '../support/transport-bench.ts';
import { ascending, outcomeOf, range } from './place.ts';
import { doneSequences, openProcesses, sendAll } from './process-suite.ts';

const SUBSCRIBERS = [0, 1] as const;
const SENT = 200;

/** Two real processes that each get every message, with one effect log between them. */
export function describeSubscribers(subject: Subject): void {
  describe.runIf(hasSubscribers(subject.interaction))('two subscribers', () => {
    it('get everything once, each with effects under its own number', async () => {
      await using place = await openSubscribers(subject);
      const [first, second] = place.services;
      await place.accept(0);
      for (const subscriber of SUBSCRIBERS) {
        await place.holdsFor(subscriber, range(SENT));
        expect(place.doneBy(subscriber).toSorted(ascending)).toEqual(range(SENT));
      }
      const pids = new Map(place.testbed.effects().map(({ subscriber, pid }) => [subscriber, pid]));
      expect([...pids].toSorted()).toEqual([
        [0, first!.pids[0]],
        [1, second!.pids[0]],
      ]);
    });

    it('lose nothing when one is killed with -9: it has the rest after its restart, the other goes on', async () => {
      await using place = await openSubscribers(subject);
      const [first, second] = place.services;
      const accepted = place.accept(0);
      await place.testbed.holds(20, ({ subscriber }) => subscriber === 0);
      await kill(first!);
      await accepted;
      await place.holdsFor(1, range(SENT));
      expect(place.doneBy(1).toSorted(ascending)).toEqual(range(SENT));
      expect(second!.pids).toHaveLength(1);
      await first!.faultTarget.restart();
      // What was done and not acknowledged may come twice: that is at-least-once.
      await place.holdsFor(0, range(SENT));
    });

    it('lose nothing when both are killed with -9, and what is sent meanwhile waits for them', async () => {
      await using place = await openSubscribers(subject);
      const accepted = place.accept(0);
      await place.testbed.holds(20);
      await Promise.all(place.services.map(kill));
      await accepted;
      await place.accept(SENT);
      await Promise.all(place.services.map((service) => service.faultTarget.restart()));
      for (const subscriber of SUBSCRIBERS) await place.holdsFor(subscriber, range(2 * SENT));
    });
  });
}

async function openSubscribers(subject: Subject) {
  await using stack = new AsyncDisposableStack();
  const { bench, testbed } = stack.use(await openProcesses(subject, { subscribers: SUBSCRIBERS.length }));
  const services = await Promise.all(
    SUBSCRIBERS.map((subscriber) => testbed.start({ subscriber, processingMs: 2 }, bench.address)),
  );
  for (const service of services) stack.use(service);
  const connection = stack.use(await bench.connect(services[0]!.address));
  const owned = stack.move();
  const doneBy = (wanted: number) =>
    doneSequences(testbed.effects().filter(({ subscriber }) => subscriber === wanted));
  return {
    testbed,
    services,
    doneBy,
    /** Sends `SENT` from this one on; all of them must be accepted. */
    async accept(from: number) {
      const results = await sendAll(
        subject,
        connection.send,
        range(SENT).map((i) => from + i),
      );
      expect(results.map(outcomeOf).filter((outcome) => outcome !== undefined)).toEqual([]);
    },
    /** Waits until this subscriber has done each of these at least once. */
    async holdsFor(subscriber: number, sequences: readonly number[]) {
      const wanted = new Set(sequences);
      for (let done = 0; !wanted.isSubsetOf(new Set(doneBy(subscriber)));) {
        await testbed.holds(++done, (effect) => effect.subscriber === subscriber);
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function kill(service: RunningService): Promise<void> {
  await service.faultTarget.signal('SIGKILL');
  await service.faultTarget.ended();
}
