import { isAnswered, isQueued, isStream } from '../../src/contracts/interactions.ts';
import type { Envelope } from '../../src/kernel/envelope.ts';
import type { Handled } from '../../src/kernel/contract.ts';
import { type Call, type Incoming, type SendResult } from '../../src/kernel/transport.ts';
import { createAnswers, messageOf, operationFor, replyOf } from '../support/messages.ts';
import { openProxy } from '../support/proxy.ts';
import { createSink } from '../support/sink.ts';
import { type BenchSettings, openBench, type Subject } from '../support/transport-bench.ts';

/** What differs between the rows of the suite. */
export function traitsOf({ interaction, definition }: Subject) {
  return {
    /** The caller waits for what the service says; otherwise for the broker's confirm. */
    answered: isAnswered(interaction),
    streams: isStream(interaction),
    /** A broker keeps what is sent while the service is busy or away. */
    queued: isQueued(definition, interaction),
    ...definition.traits,
  };
}

/** What arrival `sequence` of this row says. */
export function asking({ interaction }: Subject) {
  const operation = operationFor(interaction);
  return (sequence: number, extra: Partial<Envelope> = {}) => messageOf(operation, sequence, extra);
}

type Handle = (message: Incoming) => Handled | Promise<Handled>;

/** A server in this process that keeps what it is given, and answers as the test says: by default as the contract does. */
export async function openPlace(
  subject: Subject,
  { handle = createAnswers(), ...settings }: BenchSettings & { handle?: Handle } = {},
) {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await openBench(subject, settings));
  const seen = createSink<Incoming>();
  const replies = new Map<number, unknown>();
  const server = stack.use(
    await bench.serve(async (message) => {
      seen.put(message);
      const handled = await handle(message);
      replies.set(message.envelope.sequence, replyOf(handled));
      return handled;
    }),
  );
  const owned = stack.move();
  return {
    bench,
    server,
    /** Everything that the handler got. */
    seen,
    /** What it said to each sequence. */
    replies,
    connect: () => bench.connect(server.address),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The same with a proxy between caller and service, or between caller and broker. */
export async function openProxied(subject: Subject, settings: BenchSettings & { handle?: Handle } = {}) {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await openPlace(subject, settings));
  const proxy = stack.use(await openProxy(place.server.address));
  const connection = stack.use(await place.bench.connect(proxy.address));
  const owned = stack.move();
  return { ...place, proxy, connection, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export function bodyOf(result: SendResult): unknown {
  return result.kind === 'reply' ? result.body : undefined;
}

/** Undefined where it was done or accepted. */
export function outcomeOf(result: SendResult): string | undefined {
  return result.kind === 'failure' ? result.outcome : undefined;
}

export function sequencesOf(messages: readonly Incoming[]): number[] {
  return messages.map(({ envelope }) => envelope.sequence);
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function ascending(a: number, b: number): number {
  return a - b;
}

/** A turn of the event loop, so that what happened to a connection is noticed. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Sends one after another until a result is as wanted; the test's own bound ends it. */
export async function sendUntil(
  subject: Subject,
  send: Call,
  from: number,
  isWanted: (outcome: string | undefined) => boolean,
): Promise<SendResult> {
  const ask = asking(subject);
  for (let sequence = from; ; sequence++) {
    const result = await send(ask(sequence));
    if (isWanted(outcomeOf(result))) return result;
    await turn();
  }
}

export function sendUntilAccepted(subject: Subject, send: Call, from: number): Promise<SendResult> {
  return sendUntil(subject, send, from, (outcome) => outcome === undefined);
}
