import type { Failure, SendOptions } from '../../../kernel/transport.ts';
import { failureOfConnect } from './errors.ts';

/** One call of Connect: what ends it from our side, and whether it was put on a connection. */
export class ConnectCall {
  readonly #ending = new AbortController();
  readonly #waits: SendOptions['signal'];
  #isSent = false;
  #given: Failure | undefined;

  constructor(waits: SendOptions['signal']) {
    this.#waits = waits;
    waits?.addEventListener('abort', this.cancel, { once: true });
  }

  /** For the library. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The failure by which our side ended it; undefined: it did not. */
  get given(): Failure | undefined {
    return this.#given;
  }

  /** It was put on a connection. */
  sent(): void {
    this.#isSent = true;
  }

  /** The wait is over. The request may still be done. */
  readonly cancel = (): void => this.#giveUp('timeout', 'cancelled');

  /** The connection is given up. */
  abandon(): void {
    this.#giveUp('connection-lost', 'The connection was given up');
  }

  failureOf(error: unknown): Failure {
    return this.#given ?? failureOfConnect(error, this.#isSent);
  }

  release(): void {
    this.#waits?.removeEventListener('abort', this.cancel);
  }

  #giveUp(outcome: Failure['outcome'], detail: string): void {
    this.#given ??= { kind: 'failure', outcome, noEffect: false, status: 0, detail };
    this.#ending.abort();
  }
}
