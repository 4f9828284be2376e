/** Wakes a loop that waits for replies when the next arrival is due. One for each load. */
export interface Waker extends Disposable {
  /** `wake` is called on this thread: about when an arrival that was not yet started is due, or after it. */
  begin(instantsNs: Float64Array<SharedArrayBuffer>, wake: () => void): void;
  /** Arrivals before `next` are started, and the loop is about to wait. */
  started(next: number): void;
  /** Whether an arrival, had the loop waited only for replies, was started too late. */
  record(tooLate: boolean): void;
}

/** The event loop's own timers: within a millisecond, at almost no cost. */
export function timerWaker(): Waker {
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => {};
  return {
    begin(_instantsNs, onWake) {
      wake = onWake;
    },
    started() {
      timer ??= setTimeout(() => {
        timer = undefined;
        wake();
      }, 1);
    },
    record() {},
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
