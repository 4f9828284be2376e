import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { entryFile } from '../../platform/process/entry.ts';
import { napPace } from './nap.ts';
import type { Pace } from './pace.ts';
import { CELL, CELLS, MODE, type PacerTask } from './pacer-cells.ts';
import { timerWaker, type Waker } from './waker.ts';

/** The pacer is used from this share of arrivals that would be too late without it, and rests below the other. */
const BUSY_SHARE = 0.5;
const CALM_SHARE = 0.2;
/** Number of recent arrivals behind the share. */
const MEMORY = 32;

export interface ThreadPace extends AsyncDisposable {
  readonly pace: Pace;
}

/** Naps, and while calls are open at most instants a second thread that wakes the loop. */
export async function startThreadPace(): Promise<ThreadPace> {
  const worker = new Worker(entryFile(import.meta.url, './pacer'));
  await once(worker, 'online');
  return {
    pace: napPace(() => threadWaker(worker)),
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

/** The event loop's timers, and the pacer's thread while arrivals would be too late without it. */
export function threadWaker(worker: Pick<Worker, 'on' | 'off' | 'postMessage'>): Waker {
  const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
  const timer = timerWaker();
  let wake = (): void => {};
  let tooLateShare = 0;
  let isBusy = false;

  const setBusy = (value: boolean): void => {
    isBusy = value;
    Atomics.store(cells, CELL.mode, value ? MODE.busy : MODE.calm);
    Atomics.notify(cells, CELL.mode);
    // A loop that waits already was promised a waking, and the pacer now rests.
    if (!value) timer.started(Atomics.load(cells, CELL.started));
  };

  return {
    begin(instantsNs, onWake) {
      wake = onWake;
      timer.begin(instantsNs, wake);
      worker.on('message', wake);
      worker.postMessage({ cells, instantsNs } satisfies PacerTask);
    },
    started(next) {
      Atomics.store(cells, CELL.started, next);
      if (isBusy) Atomics.store(cells, CELL.waiting, 1);
      else timer.started(next);
    },
    record(tooLate) {
      tooLateShare += (Number(tooLate) - tooLateShare) / MEMORY;
      if (!isBusy && tooLateShare > BUSY_SHARE) setBusy(true);
      else if (isBusy && tooLateShare < CALM_SHARE) setBusy(false);
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      worker.off('message', wake);
      Atomics.store(cells, CELL.mode, MODE.over);
      Atomics.notify(cells, CELL.mode);
    },
  };
}
