import { createClient, type Sink } from 'graphql-ws';
import { Agent, buildConnector, WebSocket } from 'undici';
import { CommbenchError } from '../../kernel/errors.ts';
import type { FillValue } from '../../kernel/text-template.ts';
import type {
  Address,
  Connection,
  Failure,
  Message,
  SendOptions,
  SendResult,
} from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import type { Protocol } from '../http/protocol.ts';
import { createItems } from '../stream-items.ts';

/** What goes over a WebSocket, and how its answers are read. */
export interface SocketDialect {
  /** Of the one handshake. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the first message: `connection_init`. */
  readonly connectionParams: Record<string, unknown> | undefined;
  readonly requestOf: (message: Message) => SocketRequest;
  /** An answer, or an item of a subscription. */
  readonly read: (message: Message, body: unknown) => SendResult;
}

interface SocketRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: ReturnType<FillValue>;
}

/** The library closes a connection without operations; between arrivals there may be none for long. */
const IDLE_MS = 600_000;

/**
 * The caller's side over WebSocket: all operations share one connection, by the protocol graphql-transport-ws
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). A lost connection is opened again by the next
 * operation.
 */
export function openGraphqlSocket(
  { url, given = url }: Address,
  dialect: SocketDialect,
  { isHttp2, secure }: Protocol,
): Connection {
  if (isHttp2) {
    throw new CommbenchError('child-failed', 'A WebSocket is opened over HTTP/1.1 only', {
      hint: 'Leave `httpVersion` out.',
    });
  }
  const dispatcher = new Agent({ connect: connectorTo(url, secure) });
  const { connectionParams, headers } = dialect;
  class Socket extends WebSocket {
    constructor(at: string, protocols: string) {
      super(at, { protocols, headers, dispatcher });
    }
  }
  const state = { isOpen: false, opened: 0 };
  const client = createClient({
    // Its own name is always sent, also through a proxy.
    url: given,
    webSocketImpl: Socket,
    retryAttempts: 0,
    lazyCloseTimeout: IDLE_MS,
    ...(connectionParams ? { connectionParams } : {}),
    on: {
      connected: () => void ((state.isOpen = true), state.opened++),
      closed: () => void (state.isOpen = false),
    },
  });
  const open = (message: Message, options?: SendOptions): AsyncIterable<SendResult> => {
    const { query, operationName, variables } = dialect.requestOf(message);
    const payload = {
      query,
      operationName: operationName ?? null,
      variables: variables as Record<string, unknown>,
    };
    return itemsOf(options?.signal, {
      begin: (sink) => client.subscribe(payload, sink),
      read: (body) => dialect.read(message, body),
      sentSince: sendingIn(state),
    });
  };
  return {
    open,
    async send(message, options) {
      for await (const result of open(message, options)) return result;
      return failure('contract-broken', 'Expected a result before the end of the operation');
    },
    async [Symbol.asyncDispose]() {
      await client.dispose();
      await dispatcher.destroy();
    },
  };
}

/** Opens each connection at the place of this URL, whatever it is asked for. */
function connectorTo(url: string, secure: Protocol['secure']): buildConnector.connector {
  const { port, protocol } = new URL(url);
  const place = { hostname: hostOfUrl(url), port: port || (protocol === 'wss:' ? '443' : '80') };
  const connect = buildConnector({ ...secure });
  return (options, callback) => connect({ ...options, ...place }, callback);
}

/** @returns whether something that begins now was sent by the time of asking: a connection was there, or came */
function sendingIn(state: { readonly isOpen: boolean; readonly opened: number }): () => boolean {
  const { isOpen, opened } = state;
  return () => isOpen || state.opened > opened;
}

interface Operation {
  readonly begin: (sink: Sink) => () => void;
  readonly read: (body: unknown) => SendResult;
  readonly sentSince: () => boolean;
}

/** The results of one operation until its end, or until the reader leaves. */
function itemsOf(signal: SendOptions['signal'], { begin, read, sentSince }: Operation) {
  const items = createItems();
  const end = { isOver: false, stop: () => {} };
  const over = (why?: Failure): void => {
    if (end.isOver) return;
    end.isOver = true;
    signal?.removeEventListener('abort', cancel);
    items.end(why);
    end.stop();
  };
  const cancel = () => over(failure('timeout', 'cancelled', !sentSince()));
  if (signal?.aborted) {
    over(failure('timeout', 'cancelled', true));
    return items.read(undefined);
  }
  signal?.addEventListener('abort', cancel, { once: true });
  end.stop = begin({
    next(result) {
      if (end.isOver) return;
      const item = read(result);
      if (item.kind === 'reply') items.item(item);
      else if (item.kind === 'failure') over(item);
    },
    error: (error) => over(failureOf(error, sentSince())),
    complete: () => over(),
  });
  return items.read({ cancel: () => over() });
}

/** The library gives the server's errors, the end of the connection, or what kept it from opening. */
function failureOf(error: unknown, isSent: boolean): Failure {
  if (Array.isArray(error)) return failure('error', messageOf(error[0]));
  const { code, reason } = (error ?? {}) as { readonly code?: unknown; readonly reason?: string };
  const detail =
    typeof code === 'number' ? `closed with ${code}${reason ? ` ${reason}` : ''}` : messageOf(error);
  if (isSent) return failure('connection-lost', detail);
  // From 4400 on by the server's own decision: it is there.
  const isAway = typeof code !== 'number' || code < 4400;
  return { ...failure('refused', detail, true), ...(isAway ? { isAway } : {}) };
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'no connection';
}

function failure(outcome: Failure['outcome'], detail: string, noEffect = false): Failure {
  return { kind: 'failure', outcome, noEffect, status: 0, detail };
}
