import { Client, type Dispatcher } from 'undici';
import { nowNs } from '../../kernel/clock.ts';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type {
  Address,
  ConnectContext,
  Connection,
  Failure,
  Message,
  SendOptions,
  SendResult,
} from '../../kernel/transport.ts';
import { type Connections, openConnections } from './connections.ts';
import type { RestOptions } from './options.ts';
import { routeOf } from './routes.ts';

/** Makes of a message what undici sends. */
type RequestOf = (message: Message) => Dispatcher.DispatchOptions;

/**
 * The caller's side of REST: undici's clients, one request at a time on each connection, and one
 * queue before them. `dispatch` is undici's own lowest level: nothing but the exchange per call.
 * All connections are opened beforehand; lost ones are opened again when they are needed.
 */
export async function connectRest(
  address: Address,
  { options }: ConnectContext<RestOptions>,
): Promise<Connection> {
  const requestOf = address['path'] === undefined ? contractRequest : targetRequest(address['path']);
  const connections = await openConnections(address.url, options.connections);
  const clients = Array.from({ length: options.connections }, () => openClient(address.url, connections));
  const lanes = createLanes(clients, options.maxWaiting);
  return {
    send: (message, sendOptions) => {
      const exchange = new Exchange(requestOf(message), lanes, sendOptions?.signal);
      if (sendOptions?.signal?.aborted) exchange.cancel();
      else lanes.take(exchange);
      return exchange.result;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.destroy()));
      connections.dispose();
    },
  };
}

function openClient(url: string, { connect }: Connections): Client {
  return new Client(url, {
    pipelining: 1,
    allowH2: false,
    // The caller's deadline ends a wait, not a second clock behind its back.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 600_000,
    connect,
  });
}

const JSON_HEADERS = ['content-type', 'application/json', ENVELOPE_HEADER] as const;

function contractRequest({ operation, body, envelope }: Message): Dispatcher.DispatchOptions {
  const route = routeOf(operation);
  if (!route) throw new CommbenchError('defect', `Expected a route for ${operation}, found none`);
  return {
    method: route.method,
    path: route.path,
    headers: [...JSON_HEADERS, encodeEnvelope(envelope)],
    body: JSON.stringify(body),
  };
}

/** An endpoint of the user's own: a plain GET whatever the operation, and nothing of ours in it. */
function targetRequest(path: string): RequestOf {
  const request: Dispatcher.DispatchOptions = { method: 'GET', path };
  return () => request;
}

/** The connections, each taken by one exchange at a time. */
interface Lanes {
  take(exchange: Exchange): void;
  /** The exchange on this connection is over. */
  free(client: Client): void;
}

function createLanes(clients: readonly Client[], maxWaiting: number): Lanes {
  // Last in, first out: with little load few connections are busy, and those stay warm.
  const idle = clients.toReversed();
  let waiting: Exchange[] = [];
  let head = 0;

  const next = (): Exchange | undefined => {
    while (head < waiting.length) {
      const exchange = waiting[head++]!;
      if (!exchange.isOver) return exchange;
    }
    waiting = [];
    head = 0;
    return undefined;
  };

  return {
    take(exchange) {
      const client = idle.pop();
      if (client) return exchange.start(client);
      if (waiting.length - head >= maxWaiting) {
        return exchange.refuse(`Expected at most ${maxWaiting} calls to wait for a connection`);
      }
      waiting.push(exchange);
      if (head > 1024 && head * 2 > waiting.length) {
        waiting = waiting.slice(head);
        head = 0;
      }
    },
    free(client) {
      const exchange = next();
      if (exchange) exchange.start(client);
      else idle.push(client);
    },
  };
}

/** A contract's reply is far smaller; past this it is no reply of ours. */
export const MAX_REPLY_BYTES = 1_000_000;

/** One request and its reply; undici calls it back. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly result: Promise<SendResult>;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #lanes: Lanes;
  readonly #signal: AbortSignal | undefined;
  #settle!: (result: SendResult) => void;
  #client: Client | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sentNs: number | undefined;
  #status = 0;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isOver = false;

  constructor(request: Dispatcher.DispatchOptions, lanes: Lanes, signal: SendOptions['signal']) {
    this.#request = request;
    this.#lanes = lanes;
    this.#signal = signal;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
    signal?.addEventListener('abort', this.cancel, { once: true });
  }

  start(client: Client): void {
    this.#client = client;
    client.dispatch(this.#request, this);
  }

  refuse(detail: string): void {
    this.#end(this.#failure('refused', true, detail));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The connection may have taken its time: nobody waits for this any more.
    if (this.isOver) return controller.abort(new Error('cancelled'));
    this.#controller = controller;
    this.#sentNs = nowNs();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver || this.#isTarget()) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_REPLY_BYTES) this.#breakOff();
  }

  onResponseEnd(): void {
    if (!this.isOver) this.#end(this.#read());
    this.#lanes.free(this.#client!);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.isOver) this.#end(this.#lost(error));
    // undici is still clearing up: it must not be given the next request before it is done.
    queueMicrotask(() => this.#lanes.free(this.#client!));
  }

  #read(): SendResult {
    const isDone = this.#status >= 200 && this.#status < 300;
    if (isDone && this.#isTarget()) return { kind: 'reply', body: undefined, sentNs: this.#sentNs! };
    const body = parse(this.#chunks);
    if (body === NOT_JSON && isDone) return this.#failure('contract-broken', false, 'Expected JSON');
    if (isDone) return { kind: 'reply', body, sentNs: this.#sentNs! };
    const { error, effect } = (body ?? {}) as { error?: unknown; effect?: unknown };
    return this.#failure(
      'error',
      effect === 'none',
      typeof error === 'string' ? error : `HTTP ${this.#status}`,
    );
  }

  /** An endpoint of the user's own may answer with anything, and as much as it likes: nobody reads it. */
  #isTarget(): boolean {
    return this.#request.body === undefined;
  }

  /** What no contract of ours says is not collected to its end. */
  #breakOff(): void {
    this.#chunks.length = 0;
    const detail = `Expected a reply of at most ${MAX_REPLY_BYTES} bytes`;
    this.#end(this.#failure('contract-broken', false, detail));
    this.#controller!.abort(new Error(detail));
  }

  /** Nothing was sent: nothing can have happened. After that nobody knows. */
  #lost(error: Error): Failure {
    return this.#sentNs === undefined
      ? this.#failure('refused', true, error.message)
      : this.#failure('connection-lost', false, error.message);
  }

  readonly cancel = (): void => {
    if (this.isOver) return;
    this.#end(this.#failure('timeout', this.#sentNs === undefined, 'cancelled'));
    this.#controller?.abort(new Error('cancelled'));
  };

  #failure(outcome: Failure['outcome'], noEffect: boolean, detail: string): Failure {
    const sent = this.#sentNs === undefined ? {} : { sentNs: this.#sentNs };
    return { kind: 'failure', outcome, noEffect, status: this.#status, detail, ...sent };
  }

  #end(result: SendResult): void {
    this.isOver = true;
    this.#signal?.removeEventListener('abort', this.cancel);
    this.#settle(result);
  }
}

const NOT_JSON = Symbol('not JSON');

function parse(chunks: readonly Buffer[]): unknown {
  // Nearly every reply comes in one piece.
  const text = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  try {
    return JSON.parse(text.toString());
  } catch {
    return NOT_JSON;
  }
}
