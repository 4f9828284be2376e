import { endsWithin } from '../kernel/wait.ts';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { Stage } from '../kernel/envelope.ts';
import type { Call, Failure, SendResult } from '../kernel/transport.ts';
import { type Arrivals, createArrivals, outcomeCode } from '../measure/logs/arrivals.ts';
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

/**
 * Dispatches every arrival at its instant, whatever became of earlier ones (DESIGN 3.1), and stamps the events. Each
 * arrival ends with exactly one outcome.
 */
export async function runOpenLoop(load: OpenLoop): Promise<Arrivals> {
  using run = new Run(load);
  const { count } = load.schedule;
  const lastNs = count === 0 ? load.startNs : load.startNs + load.schedule.intendedNs(count - 1);
  const bound = AbortSignal.timeout(Math.ceil(Math.max(0, (lastNs - nowNs()) / NS_PER_MS) + load.drainMs));
  await load.pace(run, bound);
  load.onSent?.(run.dispatched);
  await run.drained(load.drainMs);
  return run.arrivals;
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

  constructor(load: OpenLoop) {
    const { count } = load.schedule;
    this.#load = load;
    this.#deadlineNs = load.deadlineMs * NS_PER_MS;
    this.arrivals = createArrivals(count);
    this.arrivals.startNs = load.startNs;
    this.instantsNs = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
    for (let i = 0; i < count; i++) this.instantsNs[i] = load.startNs + load.schedule.intendedNs(i);
    this.#deadlines = createDeadlines({
      deadlineNs: (i) => this.instantsNs[i]! + this.#deadlineNs,
      isOpen: (i) => this.#cancels.has(i),
      expire: (i) => this.#cancels.get(i)!.abort(),
    });
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
