import { nowNs } from '../../kernel/clock.ts';
import type { Failure, Message, SendOptions, SendResult } from '../../kernel/transport.ts';
import { httpAnswerOf, type Dialect, MAX_REPLY_BYTES, needsBody, TOO_LARGE_REPLY } from './dialect.ts';
import type { Lanes, Passenger } from './lanes.ts';

/** The place of one request under way: which connection it gets is decided inside of `fetch`. */
export interface FetchLane {
  readonly index: number;
}

/** What the requests of one caller share. */
interface FetchPlan {
  /** Scheme, host and port of every request. */
  readonly url: string;
  readonly dialect: Dialect;
  readonly lanes: Lanes<FetchLane>;
}

/** One request and its reply by `fetch`. */
export class FetchExchange implements Passenger<FetchLane> {
  readonly result: Promise<SendResult>;
  readonly #message: Message;
  readonly #plan: FetchPlan;
  readonly #signal: SendOptions['signal'];
  readonly #ending = new AbortController();
  #steadyState!: (result: SendResult) => void;
  #queuedNs: number | undefined;
  /** For a place, as all were busy. Whether `fetch` then opens a connection cannot be seen. */
  #waitedNs = 0;
  #isSent = false;
  #status = 0;
  isOver = false;

  constructor(message: Message, plan: FetchPlan, signal: SendOptions['signal']) {
    this.#message = message;
    this.#plan = plan;
    this.#signal = signal;
    this.result = new Promise((resolve) => {
      this.#steadyState = resolve;
    });
    signal?.addEventListener('abort', this.cancel, { once: true });
  }

  queue(): void {
    this.#queuedNs = nowNs();
  }

  start(lane: FetchLane): void {
    if (this.#queuedNs !== undefined) this.#waitedNs = nowNs() - this.#queuedNs;
    this.#isSent = true;
    void this.#exchange().then((result) => {
      if (!this.isOver) this.#end(result);
      this.#plan.lanes.free(lane);
    });
  }

  refuse(detail: string): void {
    this.#end(this.#failure('refused', true, detail));
  }

  readonly cancel = (): void => this.#giveUp('timeout', 'cancelled');

  /** The connection is given up. */
  abandon(): void {
    this.#giveUp('connection-lost', 'The connection was given up');
  }

  async #exchange(): Promise<SendResult> {
    const { url, dialect } = this.#plan;
    try {
      const { path, ...request } = requestOf(dialect.requestOf(this.#message));
      // oxlint-disable-next-line no-restricted-globals -- it is the client under test
      const response = await fetch(url + path, { ...request, signal: this.#ending.signal });
      this.#status = response.status;
      const chunks = needsBody(dialect, this.#message) ? await bounded(response) : await discarded(response);
      if (chunks === undefined) return this.#failure('contract-broken', false, TOO_LARGE_REPLY);
      return httpAnswerOf(dialect, this.#message, {
        status: response.status,
        chunks,
        // It has decoded the body by itself.
        headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'content-encoding')),
        waitedNs: this.#waitedNs,
      });
    } catch (error) {
      return this.#lost(error as Error);
    }
  }

  #lost({ message, cause }: Error): Failure {
    const { message: why = message } = (cause ?? {}) as Partial<Error>;
    return neverLeft(cause)
      ? { ...this.#failure('refused', true, why), isAway: true }
      : this.#failure('connection-lost', false, why);
  }

  #giveUp(outcome: 'timeout' | 'connection-lost', detail: string): void {
    if (this.isOver) return;
    this.#end(this.#failure(outcome, !this.#isSent, detail));
    this.#ending.abort();
  }

  #failure(outcome: Failure['outcome'], noEffect: boolean, detail: string): Failure {
    const waited = noEffect || !this.#isSent ? {} : { waitedNs: this.#waitedNs };
    return { kind: 'failure', outcome, noEffect, status: this.#status, detail, ...waited };
  }

  #end(result: SendResult): void {
    this.isOver = true;
    this.#signal?.removeEventListener('abort', this.cancel);
    this.#steadyState(result);
  }
}

/** The request in the form of `fetch`; a redirection is an answer like any other. */
function requestOf({ path, method, headers, body }: ReturnType<Dialect['requestOf']>) {
  const flat = (headers ?? []) as readonly string[];
  const pairs = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const);
  return {
    path,
    method,
    headers: Object.fromEntries(pairs),
    redirect: 'manual' as const,
    ...(typeof body === 'string' ? { body } : {}),
  };
}

/** The chunks of a body; undefined where it is larger than a reply of ours: then it is not received to its end. */
async function bounded(response: Response): Promise<Buffer[] | undefined> {
  const { headers, body } = response;
  const stated = headers.get('content-length');
  if (Number(stated) > MAX_REPLY_BYTES) {
    await body?.cancel();
    return undefined;
  }
  // As users of fetch read it.
  if (stated !== null) return stated === '0' ? [] : [Buffer.from(await response.arrayBuffer())];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    bytes += chunk.byteLength;
    // Leaving the loop breaks the answer off.
    if (bytes > MAX_REPLY_BYTES) return undefined;
  }
  return chunks;
}

/** Without this the connection would not be free for the next request. */
async function discarded({ body }: Response): Promise<[]> {
  for await (const _chunk of body ?? []);
  return [];
}

/** Only what failed while connecting surely stayed here. */
function neverLeft(cause: unknown): boolean {
  const { code, syscall } = (cause ?? {}) as { code?: unknown; syscall?: unknown };
  return syscall === 'connect' || code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT';
}
