import { setTimeout as after } from 'node:timers';
import { NS_PER_MS, nowNs } from '../../src/kernel/clock.ts';

/** Arrivals of one turn at most, with room above `MOST_ARRIVALS`; what comes after is answered, and not counted. */
const CAPACITY = 1 << 21;

/** Stamps what arrives, and stands still when it is told to. */
export interface Recorder {
  /** Now a request is in the hands of the referee's own code. @returns its instant, in ms */
  arrived(): number;
  /** The answer to a request of that instant goes out now. */
  answered(arrivedMs: number): void;
  readonly arrivalsMs: () => Float64Array;
  readonly delayedMs: () => Float64Array;
  readonly frozenMs: () => number | null;
}

/** @param freeze stands still so long, once, so long after the first arrival; 0: never */
export function createRecorder(freeze: { readonly forMs: number; readonly atMs: number }): Recorder {
  const arrivals = new Float64Array(CAPACITY);
  const holds = new Float64Array(CAPACITY);
  let count = 0;
  let held = 0;
  let frozenMs: number | null = null;

  const standStill = (): void => {
    const fromMs = nowMs();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, freeze.forMs);
    frozenMs = nowMs() - fromMs;
  };

  return {
    arrived() {
      const atMs = nowMs();
      if (count < CAPACITY) arrivals[count++] = atMs;
      if (count === 1 && freeze.forMs > 0) after(standStill, freeze.atMs);
      return atMs;
    },
    answered(arrivedMs) {
      if (held < CAPACITY) holds[held++] = nowMs() - arrivedMs;
    },
    arrivalsMs: () => arrivals.subarray(0, count),
    delayedMs: () => holds.subarray(0, held),
    frozenMs: () => frozenMs,
  };
}

function nowMs(): number {
  return nowNs() / NS_PER_MS;
}
