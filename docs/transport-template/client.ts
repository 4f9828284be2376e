import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Handled } from '../../kernel/contract.ts';
import { encodeEnvelope } from '../../kernel/envelope.ts';
import type {
  Address,
  ConnectContext,
  Connection,
  EndSignal,
  Failure,
  Message,
  SendResult,
} from '../../kernel/transport.ts';
import { readLines, type ReplyLine, writeLine } from './lines.ts';
import type { TemplateOptions } from './options.ts';

/** Failures are values, made once: an outage must not cost stack traces. */
const REFUSED: Failure = { ...failure('refused', true, 'No connection'), isAway: true };
const FULL = failure('refused', true, 'Too many requests are open (maxOpen)');
const CONNECTION_LOST = failure('connection-lost', false, 'The connection was lost before the reply');
const TIMED_OUT = failure('timeout', false, 'No reply in time');

export async function connectTemplate(
  address: Address,
  { options }: ConnectContext<TemplateOptions>,
): Promise<Connection> {
  const pending = new Map<number, (result: SendResult) => void>();
  let socket: Promise<Socket | undefined> | undefined;
  let ids = 0;

  const open = () => {
    socket ??= openSocket(address, options, {
      reply: ({ id, handled }) => pending.get(id)?.(resultOf(handled)),
      closed() {
        socket = undefined;
        for (const steadyState of pending.values()) steadyState(CONNECTION_LOST);
      },
    });
    return socket;
  };

  const exchange = (to: Socket, message: Message, signal: EndSignal | undefined) =>
    new Promise<SendResult>((resolve) => {
      const id = ids++;
      const timedOut = () => steadyState(TIMED_OUT);
      const steadyState = (result: SendResult) => {
        pending.delete(id);
        signal?.removeEventListener('abort', timedOut);
        resolve(result);
      };
      // The pending reply is registered before the request is sent.
      pending.set(id, steadyState);
      signal?.addEventListener('abort', timedOut, { once: true });
      const { operation, body } = message;
      writeLine(to, { id, operation, envelope: encodeEnvelope(message.envelope), body });
    });

  return {
    async send(message, { signal } = {}) {
      const ready = await open();
      if (signal?.aborted) return failure('timeout', true, 'The wait was over before sending');
      if (!ready?.writable) return REFUSED;
      if (pending.size >= options.maxOpen) return FULL;
      return exchange(ready, message, signal);
    },
    async [Symbol.asyncDispose]() {
      const current = await socket;
      if (!current || current.closed) return;
      const closed = once(current, 'close');
      current.destroy();
      await closed;
    },
  };
}

interface Events {
  reply(line: ReplyLine): void;
  closed(): void;
}

/** Undefined where nobody listens; the next send tries again. */
async function openSocket(
  address: Address,
  options: TemplateOptions,
  events: Events,
): Promise<Socket | undefined> {
  const { hostname, port } = new URL(address.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.on('error', () => {});
  socket.on('close', () => events.closed());
  readLines(socket, options.maxLineBytes, (line) => events.reply(line as ReplyLine));
  const tooLate = setTimeout(() => socket.destroy(), options.connectTimeoutMs);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  clearTimeout(tooLate);
  return socket.connecting || socket.destroyed ? undefined : socket;
}

function resultOf(handled: Handled): SendResult {
  return handled.kind === 'done'
    ? { kind: 'reply', body: handled.body }
    : {
        ...failure('error', handled.noEffect, `${handled.status}: ${handled.detail}`),
        answered: handled.status,
      };
}

function failure(outcome: Failure['outcome'], noEffect: boolean, detail: string): Failure {
  return { kind: 'failure', outcome, noEffect, status: 0, detail };
}
