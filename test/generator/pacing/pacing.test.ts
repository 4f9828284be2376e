import { EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import { choosePace } from '../../../src/generator/pacing/choose.ts';
import { napPace } from '../../../src/generator/pacing/nap.ts';
import { fireDue, MAX_BURST, type Pace, type PacedLoad } from '../../../src/generator/pacing/pace.ts';
import { CELL, CELLS, MODE, type PacerTask } from '../../../src/generator/pacing/pacer-cells.ts';
import { startThreadPace, type ThreadPace, threadWaker } from '../../../src/generator/pacing/thread.ts';
import { timerPace } from '../../../src/generator/pacing/timer.ts';

let thread: ThreadPace;
beforeAll(async () => {
  thread = await startThreadPace();
});
afterAll(() => thread[Symbol.asyncDispose]());

const PACES: Record<string, Pace> = {
  timer: timerPace,
  nap: napPace(),
  thread: (load, signal) => thread.pace(load, signal),
};

function instants(gapsNs: readonly number[], startNs = nowNs() + 2e6): Float64Array<SharedArrayBuffer> {
  const instantsNs = new Float64Array(new SharedArrayBuffer(gapsNs.length * 8));
  let at = startNs;
  gapsNs.forEach((gap, i) => {
    at += gap;
    instantsNs[i] = at;
  });
  return instantsNs;
}

/** Keeps in what order and how early arrivals were started; each call is open for `replyMs`. */
function observed(instantsNs: Float64Array<SharedArrayBuffer>, replyMs: number | 'never' | 'none') {
  const fired: number[] = [];
  let early = 0;
  let open = 0;
  const load: PacedLoad = {
    instantsNs,
    fire(i) {
      if (nowNs() < instantsNs[i]!) early++;
      fired.push(i);
      if (replyMs === 'none') return;
      open++;
      if (replyMs === 'never') return;
      setTimeout(() => {
        open--;
        load.onEnded?.();
      }, replyMs);
    },
    open: () => open,
  };
  return { load, fired, early: () => early };
}

const steady = Array.from({ length: 200 }, () => 0.3e6);
const bursts = Array.from({ length: 200 }, (_, i) => (i % 40 === 0 ? 8e6 : 0.01e6));

describe.each(Object.keys(PACES))('pacing %s', (name) => {
  const pace = PACES[name]!;

  it.each([
    ['no call ever open', steady, 'none'],
    ['calls open for a while', steady, 3],
    ['calls that never end', steady, 'never'],
    ['bursts with no call open', bursts, 'none'],
    ['bursts with open calls', bursts, 3],
  ] as const)('starts every arrival once, in order, none early: %s', async (_what, gaps, replyMs) => {
    const { load, fired, early } = observed(instants(gaps), replyMs);
    await pace(load, new AbortController().signal);
    expect(fired).toEqual(gaps.map((_, i) => i));
    expect(early()).toBe(0);
  });

  it('starts a backlog whose instants are long past', async () => {
    const { load, fired } = observed(instants(steady, nowNs() - 1e9), 'never');
    await pace(load, new AbortController().signal);
    expect(fired).toHaveLength(steady.length);
  });

  it('lets replies in between the bursts of a backlog', async () => {
    const { load, fired } = observed(instants(steady, nowNs() - 1e9), 'never');
    const running = pace(load, new AbortController().signal);
    const seen: number[] = [];
    const look = (): void => {
      seen.push(fired.length);
      if (fired.length < steady.length) setImmediate(look);
    };
    look();
    await running;
    expect(Math.max(...seen.slice(1).map((n, i) => n - seen[i]!))).toBeLessThanOrEqual(2 * MAX_BURST);
  });

  it('ends when told to, with the rest not started', async () => {
    const end = new AbortController();
    const { load, fired } = observed(instants([0, ...Array.from({ length: 50 }, () => 30e6)]), 'none');
    const fire = load.fire;
    load.fire = (i) => {
      fire(i);
      end.abort();
    };
    await pace(load, end.signal);
    expect(fired).toEqual([0]);
  });

  it('is done at once with nothing to start', async () => {
    const { load, fired } = observed(instants([]), 'none');
    await pace(load, new AbortController().signal);
    expect(fired).toEqual([]);
  });

  it('can be used again', async () => {
    for (let round = 0; round < 3; round++) {
      const { load, fired } = observed(instants(steady.slice(0, 20)), 1);
      await pace(load, new AbortController().signal);
      expect(fired).toHaveLength(20);
    }
  });
});

it('a burst is bounded, and starts only what is due', () => {
  const due = observed(instants(steady, nowNs() - 1e9), 'none');
  expect(fireDue(due.load, 0)).toBe(MAX_BURST);
  const future = observed(instants(steady, nowNs() + 60e9), 'none');
  expect(fireDue(future.load, 0)).toBe(0);
});

describe('wakings', () => {
  // A pacer that passed the last arrivals while its loop was not yet waiting for them left it waiting for ever.
  it('are sent for each arrival that the loop waits for, however late it begins to wait', async () => {
    const worker = new Worker(new URL('../../../src/generator/pacing/pacer.ts', import.meta.url));
    try {
      const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
      Atomics.store(cells, CELL.mode, MODE.busy);
      Atomics.store(cells, CELL.waiting, 1);
      const instantsNs = instants([0, 0, 0], nowNs() - 1e6);
      worker.postMessage({ cells, instantsNs } satisfies PacerTask);
      for (let started = 1; started <= 3; started++) {
        await once(worker, 'message');
        Atomics.store(cells, CELL.started, started);
        Atomics.store(cells, CELL.waiting, 1);
      }
    } finally {
      await worker.terminate();
    }
  });

  it('come from the timer for a loop that was waiting when the pacer went to rest', async () => {
    const woken = Promise.withResolvers<void>();
    using waker = threadWaker(Object.assign(new EventEmitter(), { postMessage: () => {} }) as never);
    waker.begin(instants([0]), woken.resolve);
    for (let i = 0; i < 100; i++) waker.record(true);
    waker.started(0);
    for (let i = 0; i < 100; i++) waker.record(false);
    await woken.promise;
  });

  it('that never come hold nothing up past the end of the load', async () => {
    const end = new AbortController();
    const { load, fired } = observed(instants([0, 60e9]), 'never');
    const deaf = { begin() {}, started: () => end.abort(), record() {}, [Symbol.dispose]() {} };
    await napPace(() => deaf)(load, end.signal);
    expect(fired).toEqual([0]);
  });
});

describe('choosing', () => {
  it('takes what it is told', async () => {
    for (const wanted of ['timer', 'nap', 'thread'] as const) {
      await using chosen = await choosePace(wanted, 1000, 500);
      expect(chosen.pacing).toBe(wanted);
      expect(chosen.candidates).toEqual([]);
    }
  });

  it('benchmarks them until one is good enough when it may choose, and says what it found', async () => {
    await using chosen = await choosePace('auto', 1000, 500);
    const tried = chosen.pacing === 'thread' ? ['timer', 'thread'] : ['timer', 'thread', 'nap'];
    expect(chosen.candidates.map((c) => c.pacing)).toEqual(tried);
    for (const { lagP50Ns, lagP99Ns } of chosen.candidates) {
      expect(lagP50Ns).toBeGreaterThanOrEqual(0);
      expect(lagP99Ns).toBeGreaterThanOrEqual(lagP50Ns);
    }
  });

  it('does not benchmark for a handful of arrivals', async () => {
    await using chosen = await choosePace('auto', 1, 1);
    expect(chosen.candidates).toEqual([]);
  });
});
