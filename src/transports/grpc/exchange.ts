import { type Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { Failure, SendOptions } from '../../kernel/transport.ts';
import type { Sink } from '../stream-items.ts';
import type { ChannelCall } from './channels.ts';
import type { Method } from './methods.ts';
import { failureOf } from './status.ts';

/** The caller's part of a method. */
export type CalledMethod = Pick<Method, 'path' | 'requestSerialize' | 'responseDeserialize'>;

/** One call, unary or streaming, on its channel; the channel calls it back. */
export class GrpcExchange {
  readonly #call: ChannelCall;
  readonly #method: CalledMethod;
  readonly #sink: Sink;
  readonly #signal: SendOptions['signal'];
  readonly #mayBeRepeated: boolean;
  #isOver = false;

  /** @param mayBeRepeated the library makes attempts of its own */
  constructor(
    call: ChannelCall,
    method: CalledMethod,
    sink: Sink,
    signal: SendOptions['signal'],
    mayBeRepeated: boolean,
  ) {
    this.#call = call;
    this.#mayBeRepeated = mayBeRepeated;
    this.#method = method;
    this.#sink = sink;
    this.#signal = signal;
  }

  start(body: object, metadata: Metadata): void {
    const bytes = this.#method.requestSerialize(body);
    this.#signal?.addEventListener('abort', this.cancel, { once: true });
    this.#call.start(metadata, this);
    this.#call.startRead();
    this.#call.sendMessageWithContext({}, bytes);
    this.#call.halfClose();
  }

  /** Requests the next item of a stream; the first one is requested automatically. */
  next(): void {
    this.#call.startRead();
  }

  onReceiveMetadata(): void {}

  onReceiveMessage(bytes: Buffer): void {
    if (this.#isOver) return;
    let body: object;
    try {
      body = this.#method.responseDeserialize(bytes);
    } catch (error) {
      return this.#giveUp('contract-broken', `Expected a reply of ${this.#method.path}: ${String(error)}`);
    }
    this.#sink.item({ kind: 'reply', body });
  }

  onReceiveStatus(ended: StatusObject): void {
    if (this.#isOver) return;
    if (ended.code === status.OK) return this.#end(undefined);
    // The peer is known only for a call that was put on a connection.
    const wasSent = this.#call.getAuthContext() !== null;
    this.#end(failureOf(ended, { wasSent, mayBeRepeat: this.#mayBeRepeated }));
  }

  /** The wait is over. The request may still be done. */
  readonly cancel = (): void => this.#giveUp('timeout', 'cancelled');

  /** The connection is given up. */
  abandon(): void {
    this.#giveUp('connection-lost', 'The connection was given up');
  }

  #giveUp(outcome: Failure['outcome'], detail: string): void {
    if (this.#isOver) return;
    this.#end({ kind: 'failure', outcome, noEffect: false, status: 0, detail });
    this.#call.cancelWithStatus(status.CANCELLED, detail);
  }

  #end(failure: Failure | undefined): void {
    this.#isOver = true;
    this.#signal?.removeEventListener('abort', this.cancel);
    this.#sink.end(failure);
  }
}
