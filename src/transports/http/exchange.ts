import type { Client, Dispatcher } from 'undici';
import { nowNs } from '../../kernel/clock.ts';
import type { SuccessVerdict } from './success.ts';
import type { Failure, Message, SendOptions, SendResult } from '../../kernel/transport.ts';
import type { Lanes, Passenger } from './lanes.ts';

/** A contract's reply is far smaller; a larger one is no reply of ours. */
export const MAX_REPLY_BYTES = 2 * 1024 * 1024;

/** Represents a body that is not JSON. */
export const NOT_JSON = Symbol('not JSON');

/** A transport's HTTP requests, and its reading of the answers. */
export interface Dialect {
  requestOf(message: Message): Dispatcher.DispatchOptions;
  /**
   * Reads an answer, received to its end; `body` is parsed JSON, NOT_JSON, or undefined where there was none. Absent
   * for an endpoint of the user's own: its answer may have any form and size, and is not read.
   */
  readonly read?: (message: Message, status: number, body: unknown, waitedNs: number) => SendResult;
  /** Replaces `read` for such an endpoint with a success rule. */
  readonly verdict?: SuccessVerdict;
}

/** One request and its reply; undici calls it back. */
export class HttpExchange implements Passenger, Dispatcher.DispatchHandler {
  readonly result: Promise<SendResult>;
  readonly #message: Message;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #read: Dialect['read'];
  readonly #verdict: Dialect['verdict'];
  readonly #lanes: Lanes;
  readonly #signal: SendOptions['signal'];
  #steadyState!: (result: SendResult) => void;
  #client: Client | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #queuedNs: number | undefined;
  /** For a connection, as all were busy. What the client does before it writes to an idle one is no wait. */
  #waitedNs = 0;
  #isSent = false;
  #status = 0;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isOver = false;

  constructor(message: Message, dialect: Dialect, lanes: Lanes, signal: SendOptions['signal']) {
    this.#message = message;
    this.#request = dialect.requestOf(message);
    this.#read = dialect.read;
    this.#verdict = dialect.verdict;
    this.#lanes = lanes;
    this.#signal = signal;
    this.result = new Promise((resolve) => {
      this.#steadyState = resolve;
    });
    signal?.addEventListener('abort', this.cancel, { once: true });
  }

  queue(): void {
    this.#queuedNs = nowNs();
  }

  start(client: Client): void {
    if (this.#queuedNs !== undefined) this.#waitedNs = nowNs() - this.#queuedNs;
    this.#client = client;
    client.dispatch(this.#request, this);
  }

  refuse(detail: string): void {
    this.#end(this.#failure('refused', true, detail));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The connection may have taken its time: the caller no longer waits for this.
    if (this.isOver) return controller.abort(new Error('cancelled'));
    this.#controller = controller;
    this.#isSent = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver || !(this.#read || this.#verdict?.needsBody)) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_REPLY_BYTES) this.#breakOff();
  }

  onResponseEnd(): void {
    if (!this.isOver) this.#end(this.#understood());
    this.#lanes.free(this.#client!);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.isOver) this.#end(this.#lost(error));
    // undici is still clearing up: it must not be given the next request before it is done.
    queueMicrotask(() => this.#lanes.free(this.#client!));
  }

  #understood(): SendResult {
    if (this.#read) return this.#read(this.#message, this.#status, parse(this.#chunks), this.#waitedNs);
    if (this.#verdict) return this.#verdict.of(this.#status, whole(this.#chunks), this.#waitedNs);
    return isDone(this.#status)
      ? { kind: 'reply', body: undefined, waitedNs: this.#waitedNs }
      : this.#failure('error', false, `HTTP ${this.#status}`);
  }

  /** A body outside our contracts is not received to its end. */
  #breakOff(): void {
    this.#chunks.length = 0;
    const detail = `Expected a reply of at most ${MAX_REPLY_BYTES} bytes`;
    this.#end(this.#failure('contract-broken', false, detail));
    this.#controller!.abort(new Error(detail));
  }

  /** Nothing was sent: nothing can have happened. Once sent, the effect is unknown. */
  #lost(error: Error): Failure {
    return this.#isSent
      ? this.#failure('connection-lost', false, error.message)
      : this.#failure('refused', true, error.message);
  }

  readonly cancel = (): void => {
    if (this.isOver) return;
    this.#end(this.#failure('timeout', !this.#isSent, 'cancelled'));
    this.#controller?.abort(new Error('cancelled'));
  };

  #failure(outcome: Failure['outcome'], noEffect: boolean, detail: string): Failure {
    const waited = this.#isSent ? { waitedNs: this.#waitedNs } : {};
    return { kind: 'failure', outcome, noEffect, status: this.#status, detail, ...waited };
  }

  #end(result: SendResult): void {
    this.isOver = true;
    this.#signal?.removeEventListener('abort', this.cancel);
    this.#steadyState(result);
  }
}

export function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Nearly every reply comes in one piece. */
function whole(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function parse(chunks: readonly Buffer[]): unknown {
  if (chunks.length === 0) return undefined;
  try {
    return JSON.parse(whole(chunks).toString());
  } catch {
    return NOT_JSON;
  }
}
