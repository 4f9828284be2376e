import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { Patience } from '../contracts/patience.ts';
import type { Call, Connection, Failure, Message, SendOptions, SendResult } from '../kernel/transport.ts';

/** Pause before the oldest held call is tried again; what is not refused within it has found its way. */
const PROBE_MS = 20;
/** More held calls are refused. */
const MOST_HELD = 10_000;

const NOT_IN_TIME = unsent('No connection within the deadline');
const FULL = unsent('Too many messages are held while there is no connection');
const GIVEN_UP = unsent('The connection was given up');
const POSTPONED: Failure = {
  kind: 'failure',
  outcome: 'timeout',
  noEffect: false,
  status: 0,
  detail: 'Kept until there is a connection',
};

function unsent(detail: string): Failure {
  return { kind: 'failure', outcome: 'refused', noEffect: true, status: 0, detail };
}

interface Terms {
  readonly patience: Patience;
  /** Longest wait of a caller for a connection. */
  readonly deadlineMs: number;
}

/**
 * The same patience in front of every transport. Transports send or refuse at once; a call that was refused for want of
 * a connection (`isAway`) is held here, and so are those after it, in their order. Nothing of a held call was sent, so
 * that trying it again never does it twice.
 */
export function withPatience(connection: Connection, { patience, deadlineMs }: Terms): Connection {
  if (patience === 'refuse') return connection;
  const gate = new Gate(connection.send, { isLasting: patience === 'keep', deadlineMs });
  return {
    ...connection,
    send: gate.send,
    flushed: () => gate.flushed(),
    async [Symbol.asyncDispose]() {
      gate.close();
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** A call that waits for a connection, with its caller's wait. */
class HeldCall {
  readonly result: Promise<SendResult>;
  readonly message: Message;
  readonly options: SendOptions | undefined;
  readonly place: number;
  /** Its caller's wait is over. */
  isOver = false;
  readonly #untilNs: number;
  readonly #late: Failure;
  #resolve!: (result: SendResult) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    message: Message,
    options: SendOptions | undefined,
    { place, untilNs, late }: { readonly place: number; readonly untilNs: number; readonly late: Failure },
  ) {
    this.message = message;
    this.options = options;
    this.place = place;
    this.#untilNs = untilNs;
    this.#late = late;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** From now on its wait ends with the deadline or its caller. */
  await(): void {
    const leftMs = Math.ceil((this.#untilNs - nowNs()) / NS_PER_MS);
    if (leftMs <= 0 || this.options?.signal?.aborted) return this.#end();
    this.#timer = setTimeout(this.#end, leftMs);
    this.options?.signal?.addEventListener('abort', this.#end, { once: true });
  }

  /** It is sent: what ends its wait is the transport's. */
  free(): void {
    this.#stop();
    if (!this.isOver && nowNs() >= this.#untilNs) this.#end();
  }

  answer(result: SendResult): void {
    this.#stop();
    this.isOver = true;
    this.#resolve(result);
  }

  readonly #end = (): void => this.answer(this.#late);

  #stop(): void {
    clearTimeout(this.#timer);
    this.options?.signal?.removeEventListener('abort', this.#end);
  }
}

class Gate {
  readonly #inner: Call;
  readonly #isLasting: boolean;
  readonly #deadlineNs: number;
  #held: HeldCall[] = [];
  #places = 0;
  #isProbing = false;
  #isClosed = false;
  /** Held calls that are being sent. */
  #trying = 0;
  #emptied = Promise.withResolvers<void>();

  constructor(
    inner: Call,
    { isLasting, deadlineMs }: { readonly isLasting: boolean; readonly deadlineMs: number },
  ) {
    this.#inner = inner;
    this.#isLasting = isLasting;
    this.#deadlineNs = deadlineMs * NS_PER_MS;
  }

  readonly send: Call = async (message, options) => {
    const beganNs = nowNs();
    if (this.#held.length === 0) {
      const result = await this.#inner(message, options);
      if (!isAway(result) || this.#isClosed) return result;
    }
    return this.#hold(message, options, beganNs);
  };

  async flushed(): Promise<void> {
    while (this.#held.length + this.#trying > 0 && !this.#isClosed) await this.#emptied.promise;
  }

  close(): void {
    this.#isClosed = true;
    for (const held of this.#held) if (!held.isOver) held.answer(GIVEN_UP);
    this.#held = [];
    this.#emptied.resolve();
  }

  #hold(message: Message, options: SendOptions | undefined, beganNs: number): Promise<SendResult> {
    if (this.#isClosed) return Promise.resolve(GIVEN_UP);
    if (this.#held.length >= MOST_HELD) return Promise.resolve(FULL);
    const deadlineNs = options?.deadlineNs ?? message.envelope.deadlineNs;
    const untilNs = Math.min(beganNs + this.#deadlineNs, deadlineNs > 0 ? deadlineNs : Infinity);
    const late = this.#isLasting ? POSTPONED : NOT_IN_TIME;
    const held = new HeldCall(message, options, { place: this.#places++, untilNs, late });
    this.#put(held);
    return held.result;
  }

  #put(held: HeldCall): void {
    if (!held.isOver) held.await();
    this.#held.push(held);
    if (!this.#isProbing) void this.#probe();
  }

  /** The oldest one is tried until it finds the other end; then all are sent. */
  async #probe(): Promise<void> {
    this.#isProbing = true;
    while (this.#held.length > 0) {
      await sleep(PROBE_MS);
      this.#held = this.#held.filter((held) => this.#isWanted(held)).toSorted((a, b) => a.place - b.place);
      const first = this.#held.shift();
      if (!first) break;
      const isBack = await Promise.race([this.#try(first), sleep(PROBE_MS, true)]);
      if (isBack) this.#release();
    }
    this.#isProbing = false;
    this.#noteEmpty();
  }

  #noteEmpty(): void {
    if (this.#held.length + this.#trying > 0) return;
    this.#emptied.resolve();
    this.#emptied = Promise.withResolvers();
  }

  /** A kept message is sent though its caller no longer waits. */
  #isWanted(held: HeldCall): boolean {
    return this.#isLasting || !held.isOver;
  }

  #release(): void {
    const all = this.#held;
    this.#held = [];
    for (const held of all) if (this.#isWanted(held)) void this.#try(held);
  }

  /** @returns whether it found a connection; without one it is held again */
  async #try(held: HeldCall): Promise<boolean> {
    held.free();
    if (!this.#isWanted(held)) return false;
    this.#trying++;
    const result = await this.#inner(held.message, held.isOver ? undefined : held.options);
    this.#trying--;
    if (isAway(result) && !this.#isClosed) {
      this.#put(held);
      return false;
    }
    if (!held.isOver) held.answer(result);
    this.#noteEmpty();
    return true;
  }
}

function isAway(result: SendResult): boolean {
  return result.kind === 'failure' && result.isAway === true;
}
