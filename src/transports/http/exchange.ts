import type { Client, Dispatcher } from 'undici';
import { nowNs } from '../../kernel/clock.ts';
import { httpAnswerOf, type Dialect, MAX_REPLY_BYTES, needsBody, TOO_LARGE_REPLY } from './dialect.ts';
import type { Answer, IncomingHeaders } from './answer.ts';
import type { Failure, Message, SendOptions, SendResult } from '../../kernel/transport.ts';
import type { Lanes, Passenger } from './lanes.ts';

type Receive = (chunk: Buffer, answer: Answer) => void;

/** One request and its reply; undici calls it back. */
export class HttpExchange implements Passenger<Client>, Dispatcher.DispatchHandler {
  readonly result: Promise<SendResult>;
  readonly #message: Message;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #dialect: Dialect;
  readonly #needsBody: boolean;
  readonly #lanes: Lanes<Client>;
  readonly #signal: SendOptions['signal'];
  readonly #receive: Receive | undefined;
  #steadyState!: (result: SendResult) => void;
  #client: Client | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #queuedNs: number | undefined;
  /** For a connection, as all were busy. What the client does before it writes to an idle one is no wait. */
  #waitedNs = 0;
  #isSent = false;
  #status = 0;
  #headers: IncomingHeaders = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isOver = false;

  /** @param receive takes the body of the answer as it comes; absent: it is read as a whole */
  constructor(
    message: Message,
    dialect: Dialect,
    lanes: Lanes<Client>,
    signal: SendOptions['signal'],
    receive?: Receive,
  ) {
    this.#message = message;
    this.#request = dialect.requestOf(message);
    this.#dialect = dialect;
    this.#needsBody = needsBody(dialect, message);
    this.#lanes = lanes;
    this.#signal = signal;
    this.#receive = receive;
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

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver) return;
    if (this.#receive) return this.#receive(chunk, this.#answer());
    if (!this.#needsBody) return;
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
    return httpAnswerOf(this.#dialect, this.#message, this.#answer());
  }

  #answer(): Answer {
    return {
      status: this.#status,
      chunks: this.#chunks,
      headers: this.#headers,
      waitedNs: this.#waitedNs,
    };
  }

  /** A body outside our contracts is not received to its end. */
  #breakOff(): void {
    this.#chunks.length = 0;
    this.#end(this.#failure('contract-broken', false, TOO_LARGE_REPLY));
    this.#controller!.abort(new Error(TOO_LARGE_REPLY));
  }

  /** Nothing was sent: nothing can have happened. Once sent, the effect is unknown. */
  #lost(error: Error): Failure {
    return this.#isSent
      ? this.#failure('connection-lost', false, error.message)
      : { ...this.#failure('refused', true, error.message), isAway: true };
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
