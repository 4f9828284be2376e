import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contractByName } from '../../src/contracts/contracts.ts';
import type { FailureStatus, Handled, StreamPlan } from '../../src/kernel/contract.ts';
import { nowNs } from '../../src/kernel/clock.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { Call, Message } from '../../src/kernel/transport.ts';
import { createMessages, type Messages } from '../../src/generator/messages.ts';
import { runOpenLoop } from '../../src/generator/open-loop.ts';
import type { Pace } from '../../src/generator/pacing/pace.ts';
import { outcomeAt } from '../../src/measure/logs/arrivals.ts';
import { createSchedule } from '../../src/measure/schedule.ts';
import { createAnswers, operationFor } from '../support/messages.ts';
import { openBench, type Subject } from '../support/transport-bench.ts';
import { noteProvoked, wrongCells } from './outcome-table.ts';
import { openPlace, openProxied, range, traitsOf, turn } from './place.ts';

/** Long enough never to pass in a test that does not wait for it. */
const NEVER_MS = 100_000;
/** Of the tests that do. */
const SHORT_MS = 400;
const STATUSES: readonly FailureStatus[] = [
  'bad-request',
  'not-found',
  'overloaded',
  'deadline-passed',
  'internal',
];

/**
 * Every outcome, provoked and seen through the generator's own loop: with the real client against a real
 * server or broker, the only thing made up being what goes wrong.
 */
export function describeOutcomes(subject: Subject): void {
  describe('outcomes in the generator', () => {
    whenAllIsWell(subject);
    whenTheServiceFails(subject);
    whenRepliesBreak(subject);
    whenNoneIsTaken(subject);
    whenNothingComes(subject);
    it('were all provoked, or can’t be here for a reason that is told', () => {
      expect(wrongCells(subject)).toEqual([]);
    });
  });
}

interface Ended {
  readonly outcome: Outcome;
  readonly noEffect: boolean;
}

interface LoadSettings {
  readonly count?: number;
  readonly deadlineMs?: number;
  readonly drainMs?: number;
  readonly pace?: Pace;
  readonly of?: Messages['of'];
}

/** Starts all arrivals at once: what is tested here is what becomes of them. */
const atOnce: Pace = async (paced) => {
  for (let i = 0; i < paced.instantsNs.length; i++) paced.fire(i);
};

/** A load of the scenario's making; notes which outcomes came of it. */
async function load(subject: Subject, send: Call, settings: LoadSettings = {}): Promise<Ended[]> {
  const { count = 10, deadlineMs = NEVER_MS, drainMs = NEVER_MS, pace = atOnce } = settings;
  const address = { url: 'unused:' };
  const mix = [{ operation: operationFor(subject.interaction), share: 1 }];
  const messages = createMessages({ trial: 1, seed: 1, mix, keys: 10, address }, contractByName('users'));
  const arrivals = await runOpenLoop({
    stage: 'measured',
    schedule: createSchedule({ shape: 'constant', ratePerS: 1000 }, count, 0),
    shard: { index: 0, count: 1 },
    startNs: nowNs(),
    messages: settings.of ? { ...messages, of: settings.of } : messages,
    send,
    pace,
    deadlineMs,
    drainMs,
  });
  const ended = range(count).map((i) => ({
    outcome: outcomeAt(arrivals, i),
    noEffect: arrivals.noEffect[i] === 1,
  }));
  for (const { outcome } of ended) noteProvoked(subject, outcome);
  return ended;
}

function whenAllIsWell(subject: Subject): void {
  it('ok', async () => {
    await using place = await openPlace(subject);
    await using connection = await place.connect();
    expect(new Set((await load(subject, connection.send)).map(({ outcome }) => outcome))).toEqual(
      new Set(['ok']),
    );
    await place.seen.holds(10);
  });

  it('unsent for what was never dispatched', async () => {
    await using place = await openPlace(subject);
    await using connection = await place.connect();
    const half: Pace = async (paced) => range(5).forEach((i) => paced.fire(i));
    const ended = await load(subject, connection.send, { pace: half });
    expect(ended.map(({ outcome }) => outcome)).toEqual(range(10).map((i) => (i < 5 ? 'ok' : 'unsent')));
    await place.seen.holds(5);
  });
}

function whenTheServiceFails(subject: Subject): void {
  const { answered } = traitsOf(subject);

  it.runIf(answered)('error for every failure, with and without the promise of no effect', async () => {
    const failures = STATUSES.flatMap((status) => [true, false].map((noEffect) => ({ status, noEffect })));
    await using place = await openPlace(subject, {
      handle: ({ envelope: { sequence } }) => ({
        kind: 'failed',
        ...failures[sequence]!,
        detail: `seeded ${sequence}`,
      }),
    });
    await using connection = await place.connect();
    const details: string[] = [];
    const send: Call = async (message, options) => {
      const result = await connection.send(message, options);
      if (result.kind === 'failure') details[message.envelope.sequence] = result.detail;
      return result;
    };
    const ended = await load(subject, send, { count: failures.length });
    expect(ended).toEqual(failures.map(({ noEffect }) => ({ outcome: 'error', noEffect })));
    expect(details).toEqual(failures.map((_, i) => expect.stringContaining(`seeded ${i}`)));
  });

  it.skipIf(answered)('error for what its broker does not take, with the promise of no effect', async () => {
    for (const attempt of [loadOfTooLarge, loadOfUnknown, loadWithoutPlace]) {
      const [ended] = await attempt(subject);
      if (ended!.outcome !== 'error') continue;
      expect(ended!.noEffect).toBe(true);
      return;
    }
    expect.unreachable('It took everything');
  });
}

/** No broker takes everything; which of these it does not take is its own affair. */
async function loadOfTooLarge(subject: Subject): Promise<Ended[]> {
  const payload = 'x'.repeat(12_000_000);
  return loadOfOne(subject, (message) => ({ ...message, operation: 'echo', body: { payload } }));
}

async function loadOfUnknown(subject: Subject): Promise<Ended[]> {
  return loadOfOne(subject, (message) => ({ ...message, operation: 'no.operation.of.ours' }));
}

async function loadOfOne(subject: Subject, change: (message: Message) => Message): Promise<Ended[]> {
  await using bench = await openBench(subject);
  await using connection = await bench.connect(bench.address!);
  return await load(subject, (message, options) => connection.send(change(message), options), {
    count: 1,
    deadlineMs: 5 * SHORT_MS,
  });
}

async function loadWithoutPlace(subject: Subject): Promise<Ended[]> {
  const bench = await openBench(subject);
  await using connection = await bench.connect(bench.address!);
  await bench[Symbol.asyncDispose]();
  return await load(subject, connection.send, { count: 1, deadlineMs: 5 * SHORT_MS });
}

function whenRepliesBreak(subject: Subject): void {
  const { answered, streams } = traitsOf(subject);

  it.runIf(answered)('contract-broken for a reply that answers another question', async () => {
    const answers = createAnswers();
    await using place = await openPlace(subject, { handle: (message) => falsified(answers(message)) });
    await using connection = await place.connect();
    const ended = await load(subject, connection.send);
    expect(ended).toEqual(range(10).map(() => ({ outcome: 'contract-broken', noEffect: false })));
  });

  it.runIf(answered)('no ok, and no promise, for a reply of another kind', async () => {
    // No stream of Node's can have null as an item.
    const kinds = streams ? ['text', 7, {}] : ['text', 7, {}, [], null];
    await using place = await openPlace(subject, {
      handle({ envelope: { sequence } }) {
        const body = kinds[sequence];
        return { kind: 'done', body: streams ? { items: [body], everyMs: 0 } : body };
      },
    });
    await using connection = await place.connect();
    for (const { outcome, noEffect } of await load(subject, connection.send, { count: kinds.length })) {
      expect(['contract-broken', 'error']).toContain(outcome);
      expect(noEffect).toBe(false);
    }
  });

  it('no ok, and no promise, for what no protocol says; afterwards it works again', async () => {
    await using place = await openProxied(subject);
    const { connection, proxy } = place;
    expect(await load(subject, connection.send, { count: 1 })).toMatchObject([{ outcome: 'ok' }]);
    proxy.garbleReplies();
    const [first] = await load(subject, connection.send, { count: 1, deadlineMs: 5 * SHORT_MS });
    expect(first).toEqual({ outcome: expect.stringMatching(/broken|lost|error|timeout/), noEffect: false });
    await proxy.cut();
    await proxy.restore();
    // kafkajs keeps what it could not read, and puts what a new connection brings behind it.
    await using fresh = await place.bench.connect(proxy.address);
    const { send } = subject.definition.client === 'kafkajs' ? fresh : connection;
    for (let isOk = false; !isOk; await turn()) {
      const [next] = await load(subject, send, { count: 1 });
      isOk = next!.outcome === 'ok';
    }
  });
}

/** As it should be in its form, and not what was asked for. */
function falsified(handled: Handled): Handled {
  if (handled.kind === 'failed') return handled;
  const plan = handled.body as Partial<StreamPlan>;
  const body = plan.items ? { ...plan, items: plan.items.slice(1) } : { ...plan, email: 'eve@example.com' };
  return { kind: 'done', body };
}

function whenNoneIsTaken(subject: Subject): void {
  it('refused where nobody listens', async () => {
    await using place = await openProxied(subject);
    await place.proxy.cut();
    const { send } = place.connection;
    // Until the client has noticed, what it sends is lost on its way.
    for (let ended: Ended[] = []; !ended.length || ended.some(({ outcome }) => outcome !== 'refused');) {
      await turn();
      ended = await load(subject, send);
      expect(ended.filter(({ outcome, noEffect }) => outcome === 'refused' && !noEffect)).toEqual([]);
    }
  });

  it('refused past its bound', async () => {
    await using place = await openProxied(subject, { options: smallestBounds(subject) });
    place.proxy.holdReplies();
    const ended = await load(subject, place.connection.send, { count: 100, deadlineMs: SHORT_MS });
    const refused = ended.filter(({ outcome }) => outcome === 'refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(({ noEffect }) => !noEffect)).toEqual([]);
    expect(ended.filter(({ outcome }) => outcome !== 'refused' && outcome !== 'timeout')).toEqual([]);
  });
}

/** The options that bound what may be open say so, all in the same words. */
function smallestBounds({ definition }: Subject): object {
  const { properties } = z.toJSONSchema(definition.options, { io: 'input' }) as {
    properties: Record<string, { description: string; minimum?: number }>;
  };
  const bounds = Object.entries(properties).filter(([, { description }]) =>
    description.includes('further ones are refused, without effect'),
  );
  expect(bounds).not.toEqual([]);
  return Object.fromEntries(bounds.map(([option, { minimum }]) => [option, minimum]));
}

function whenNothingComes(subject: Subject): void {
  const { answered, oneAtATimePerKey } = traitsOf(subject);

  /** A service that takes everything and says nothing; where a broker answers for it, the broker's words are held back. */
  async function openSilent() {
    const gate = Promise.withResolvers<void>();
    const answers = createAnswers();
    const place = await openProxied(subject, {
      handle: async (message) => {
        if (answered) await gate.promise;
        return answers(message);
      },
    });
    if (!answered) place.proxy.holdReplies();
    return {
      ...place,
      async [Symbol.asyncDispose]() {
        gate.resolve();
        await place[Symbol.asyncDispose]();
      },
    };
  }

  it('timeout when the deadline passes', async () => {
    await using place = await openSilent();
    const ended = await load(subject, place.connection.send, { deadlineMs: SHORT_MS });
    expect(ended).toEqual(range(10).map(() => ({ outcome: 'timeout', noEffect: false })));
  });

  it('unfinished when the drain ends before the deadline', async () => {
    await using place = await openSilent();
    const ended = await load(subject, place.connection.send, { drainMs: SHORT_MS });
    expect(ended.map(({ outcome }) => outcome)).toEqual(range(10).map(() => 'unfinished'));
  });

  it('connection-lost for what was under way', async () => {
    await using place = await openSilent();
    // kafkajs fetches no further record before those that it has are worked off, and here none is.
    const count = oneAtATimePerKey ? 1 : 3;
    const loading = load(subject, place.connection.send, { count });
    await place.seen.holds(count);
    await place.proxy.cut();
    expect(await loading).toEqual(range(count).map(() => ({ outcome: 'connection-lost', noEffect: false })));
  });
}
