import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { fireDue, type Pace, type PacedLoad } from './pace.ts';
import { AHEAD_NS } from './pacer-cells.ts';
import { tightenTimers } from './timer-slack.ts';
import { timerWaker, type Waker } from './waker.ts';

/** The longest time that the event loop is held up; what is further off is waited for by a timer of the loop. */
const MAX_NAP_NS = 2 * NS_PER_MS;
/** Lateness that a timer of the loop may have. */
const TIMER_ERROR_NS = 1.2 * NS_PER_MS;
/** One turn in this many goes through the event loop. */
const TURNS_SOON = 16;
/** An arrival started later than this after its instant needed a waker. */
const TOO_LATE_NS = 0.1 * NS_PER_MS;

/**
 * While no call is open nothing can come in, so this thread may simply sleep to the very next instant:
 * the kernel wakes a sleeping thread within some 50 µs, the event loop's timers only within a
 * millisecond, and it costs no second thread. While calls are open the loop must be free for their
 * replies: then it waits for them, and for the waker.
 */
export function napPace(makeWaker: () => Waker = timerWaker): Pace {
  return async (load, signal) => {
    if (load.instantsNs.length === 0) return;
    tightenTimers();
    using waker = makeWaker();
    await new Napper(load, waker, signal).over;
  };
}

/** One load in progress. */
class Napper {
  readonly over: Promise<void>;
  readonly #load: PacedLoad;
  readonly #waker: Waker;
  readonly #signal: AbortSignal;
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  #finish!: () => void;
  /** The first arrival not yet started. */
  #next = 0;
  #isTurnSet = false;
  #turnsSoon = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Instant of the waker's last arrival, and number of calls open then. */
  #wokenNs = 0;
  #openWhenWoken = 0;

  constructor(load: PacedLoad, waker: Waker, signal: AbortSignal) {
    this.#load = load;
    this.#waker = waker;
    this.#signal = signal;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    load.onEnded = () => this.#ended();
    // The waker may be unable to wake the loop.
    signal.addEventListener('abort', this.#setTurn);
    waker.begin(load.instantsNs, () => this.#woken());
    this.#setTurn();
  }

  /** After the I/O of this turn of the loop has been dealt with. */
  readonly #setTurn = (): void => {
    if (this.#isTurnSet) return;
    this.#isTurnSet = true;
    setImmediate(this.#turn);
  };

  /**
   * Runs right after the reply that just came, when no other is awaited: this saves one turn of the loop per arrival.
   * Now and then it goes through the loop anyway, so that a transport which replies without any I/O cannot starve the
   * loop.
   */
  #setTurnSoon(): void {
    if (this.#isTurnSet) return;
    if (++this.#turnsSoon % TURNS_SOON === 0) return this.#setTurn();
    this.#isTurnSet = true;
    queueMicrotask(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isTurnSet = false;
    const lateNs = nowNs() - this.#nextNs();
    if (lateNs >= 0) this.#waker.record(lateNs > TOO_LATE_NS);
    if (this.#fire()) return;
    if (this.#load.open() > 0) return this.#waitForReplies();
    const gapNs = this.#nextNs() - nowNs();
    if (gapNs > MAX_NAP_NS) return this.#setTimer(gapNs);
    if (gapNs > 0) {
      Atomics.wait(this.#cell, 0, 0, gapNs / NS_PER_MS);
      this.#waker.record(false);
      if (this.#fire()) return;
    }
    // Not a second nap in this turn: the loop has other work, if rarely.
    if (this.#load.open() > 0) this.#waitForReplies();
    else this.#setTurn();
  };

  #nextNs(): number {
    return this.#load.instantsNs[this.#next] ?? Infinity;
  }

  /** @returns whether that was all */
  #fire(): boolean {
    this.#next = fireDue(this.#load, this.#next);
    if (this.#nextNs() < Infinity && !this.#signal.aborted) return false;
    delete this.#load.onEnded;
    this.#signal.removeEventListener('abort', this.#setTurn);
    clearTimeout(this.#timer);
    this.#finish();
    return true;
  }

  #waitForReplies(): void {
    this.#waker.started(this.#next);
    // Subtle: only now, as the waker ignores instants that passed before it was armed.
    if (this.#nextNs() <= nowNs()) this.#setTurn();
  }

  #ended(): void {
    // Calls that delayed the loop are over: without a waker the arrival would be dispatched now.
    if (this.#openWhenWoken > 0 && --this.#openWhenWoken === 0) {
      this.#waker.record(nowNs() - this.#wokenNs > TOO_LATE_NS);
    }
    if (this.#load.open() === 0) this.#setTurnSoon();
  }

  #woken(): void {
    // Too short for any kind of sleep.
    while (isJustAhead(this.#nextNs())) continue;
    const lateNs = nowNs() - this.#nextNs();
    if (lateNs > TOO_LATE_NS) this.#waker.record(true);
    else if (lateNs >= 0) {
      this.#wokenNs = nowNs();
      this.#openWhenWoken = this.#load.open();
    }
    if (!this.#fire()) this.#waitForReplies();
  }

  #setTimer(gapNs: number): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#turn();
      },
      Math.floor((gapNs - TIMER_ERROR_NS) / NS_PER_MS),
    );
  }
}

function isJustAhead(instantNs: number): boolean {
  const gapNs = instantNs - nowNs();
  return gapNs > 0 && gapNs <= AHEAD_NS;
}
