import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommbenchError } from '../kernel/errors.ts';
import { endsWithin } from '../kernel/wait.ts';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { Stage } from '../kernel/envelope.ts';
import type { Call, Failure, SendResult } from '../kernel/transport.ts';
import { type Arrivals, createArrivals, firstArrivals, outcomeCode } from '../measure/logs/arrivals.ts';
import { type Schedule, sequenceOf, type Shard } from '../measure/schedule.ts';
import { CallEnd } from './call-end.ts';
import { createDeadlines } from './deadlines.ts';
import type { Messages } from './messages.ts';
import type { Pace, PacedLoad } from './pacing/pace.ts';

const OK = outcomeCode('ok');
const UNFINISHED = outcomeCode('unfinished');

/** A load to run: arrivals, connection, and bounds on waiting. */
export interface OpenLoop {
  readonly stage: Stage;
  /** This shard's part of the schedule. */
  readonly schedule: Schedule;
  /** Changes of the schedule; absent: it is fixed. */
  readonly steering?: Steering;
  readonly shard: Shard;
  readonly startNs: number;
  readonly messages: Messages;
  readonly send: Call;
  readonly pace: Pace;
  /** Counts from the intended instant: an answer after it is not correct, and our wait ends then. */
  readonly deadlineMs: number;
  /** Time after the last arrival's instant for arrivals not yet dispatched, and once more for open calls. */
  readonly drainMs: number;
  /** The last arrival was dispatched. */
  onSent?(dispatched: number): void;
  /** A call failed before the drain was over. */
  onFailure?(failure: Failure): void;
}

/** A schedule that is changed while it is carried out. */
export interface Steering {
  /** The most arrivals that it may come to. */
  readonly most: number;
  /** Called once, with what is to be called for each schedule in place of the one so far. */
  begin(follow: (schedule: Schedule) => void): void;
}

/** Instants that are computed in one turn of the loop: 0.1 ms of it. */
const SLICE = 1000;

/**
 * Dispatches every arrival at its instant, whatever became of earlier ones (DESIGN 3.1), and stamps the events. Each
 * arrival ends with exactly one outcome.
 */
export async function runOpenLoop(load: OpenLoop): Promise<Arrivals> {
  using run = new Run(load);
  const { count } = load.schedule;
  const lastNs = count === 0 ? load.startNs : load.startNs + load.schedule.intendedNs(count - 1);
  const bound = AbortSignal.timeout(Math.ceil(Math.max(0, (lastNs - nowNs()) / NS_PER_MS) + load.drainMs));
  const followed = run.followed();
  await Promise.race([load.pace(run, bound), followed]);
  load.onSent?.(run.dispatched);
  await run.drained(load.drainMs);
  return run.result();
}

class Run implements PacedLoad, Disposable {
  readonly arrivals: Arrivals;
  readonly instantsNs: Float64Array<SharedArrayBuffer>;
  onEnded?: () => void;
  dispatched = 0;
  #drained: (() => void) | undefined;
  readonly #load: OpenLoop;
  readonly #deadlineNs: number;
  /** Cancellers of the open calls, in order of dispatch. */
  readonly #cancels = new Map<number, CallEnd>();
  readonly #deadlines;
  #schedule: Schedule;

  constructor(load: OpenLoop) {
    const count = load.steering?.most ?? load.schedule.count;
    this.#load = load;
    this.#schedule = load.schedule;
    this.#deadlineNs = load.deadlineMs * NS_PER_MS;
    this.arrivals = createArrivals(count);
    this.arrivals.startNs = load.startNs;
    this.instantsNs = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
    this.instantsNs.fill(Infinity);
    for (let i = 0; i < load.schedule.count; i++) this.instantsNs[i] = this.#instantOf(i);
    this.#deadlines = createDeadlines({
      deadlineNs: (i) => this.instantsNs[i]! + this.#deadlineNs,
      isOpen: (i) => this.#cancels.has(i),
      expire: (i) => this.#cancels.get(i)!.abort(),
    });
  }

  #instantOf(i: number): number {
    return this.#load.startNs + this.#schedule.intendedNs(i);
  }

  /** Rejects where a change of the schedule cannot be followed; never resolves. */
  followed(): Promise<never> {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.#load.steering?.begin((schedule) => void this.#follow(schedule).catch(reject));
    return promise;
  }

  /** Computes the instants in slices, from the next arrival on, so that none is late by it. */
  async #follow(schedule: Schedule): Promise<void> {
    this.#schedule = schedule;
    const { count } = schedule;
    const last = this.dispatched - 1;
    if (
      count > this.instantsNs.length ||
      count <= last ||
      (last >= 0 && this.instantsNs[last] !== this.#instantOf(last))
    ) {
      throw new CommbenchError('child-failed', 'The load was changed too late, or beyond its bound');
    }
    if (count < this.instantsNs.length) this.instantsNs[count] = Infinity;
    for (let i = this.dispatched; i < count && this.#schedule === schedule; i++) {
      this.instantsNs[i] = this.#instantOf(i);
      if (i % SLICE === 0) await nextTurn();
    }
  }

  /** Of the arrivals that it came to. */
  result(): Arrivals {
    return this.#load.steering ? firstArrivals(this.arrivals, this.#schedule.count) : this.arrivals;
  }

  open(): number {
    return this.#cancels.size;
  }

  fire(i: number): void {
    const { stage, shard, messages, send } = this.#load;
    const message = messages.of(stage, sequenceOf(shard, i), this.instantsNs[i]! + this.#deadlineNs);
    const cancel = new CallEnd();
    this.#cancels.set(i, cancel);
    this.dispatched++;
    this.arrivals.dispatchedNs[i] = nowNs();
    this.#deadlines.begun(i);
    void send(message, { signal: cancel }).then((result) => {
      const endedNs = nowNs();
      // After the drain it is too late: the arrival is `unfinished` and stays so.
      if (this.#cancels.has(i)) this.#end(i, messages.check(message, result), endedNs);
    });
  }

  #end(i: number, result: SendResult, endedNs: number): void {
    const { arrivals } = this;
    const isFailure = result.kind === 'failure';
    // A send without a confirm was never acknowledged (DESIGN 3.7).
    arrivals.acknowledgedNs[i] = result.kind === 'ack' && result.unconfirmed ? NaN : endedNs;
    arrivals.sentNs[i] = arrivals.dispatchedNs[i]! + (result.waitedNs ?? NaN);
    arrivals.outcome[i] = isFailure ? outcomeCode(result.outcome) : OK;
    if (isFailure) {
      arrivals.noEffect[i] = Number(result.noEffect);
      arrivals.status[i] = result.status;
      this.#load.onFailure?.(result);
    } else if (result.kind === 'reply') arrivals.status[i] = result.status ?? 0;
    this.#cancels.delete(i);
    this.onEnded?.();
    if (this.open() === 0) this.#drained?.();
  }

  /** Waits for the calls still open; what is open at the bound is `unfinished`. */
  async drained(drainMs: number): Promise<void> {
    if (this.open() > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#drained = resolve;
      await endsWithin(drainMs, promise);
    }
    for (const [i, cancel] of this.#cancels) this.#giveUp(i, cancel);
  }

  #giveUp(i: number, cancel: CallEnd): void {
    this.arrivals.outcome[i] = UNFINISHED;
    this.#cancels.delete(i);
    cancel.abort();
  }

  [Symbol.dispose](): void {
    this.#deadlines[Symbol.dispose]();
  }
}
