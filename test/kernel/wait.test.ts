import { MessageChannel } from 'node:worker_threads';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allOf, boundedBy, endsWithin, onAbort, untilAborted } from '../../src/kernel/wait.ts';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('a listener for the abort', () => {
  it('is called once, at once where that has been, and never after it was disposed', () => {
    const controller = new AbortController();
    const heard: string[] = [];
    {
      using _gone = onAbort(controller.signal, () => heard.push('gone'));
    }
    const kept = onAbort(controller.signal, () => heard.push('kept'));
    expect(listeners(controller.signal)).toBe(1);
    controller.abort();
    onAbort(controller.signal, () => heard.push('late'));
    kept[Symbol.dispose]();
    expect(heard).toEqual(['kept', 'late']);
    expect(listeners(controller.signal)).toBe(0);
  });

  it('needs no signal', () => {
    expect(() => onAbort(undefined, () => undefined)[Symbol.dispose]()).not.toThrow();
  });
});

describe('work until the abort', () => {
  it('is what it came to, and leaves no listener', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(listeners(signal)).toBe(0);
  });

  it('is left with the reason, and what comes late is handed on', async () => {
    const controller = new AbortController();
    const work = Promise.withResolvers<string>();
    const late: string[] = [];
    const waited = untilAborted(work.promise, controller.signal, (value) => late.push(value));
    controller.abort(new Error('over'));
    await expect(waited).rejects.toThrow('over');
    work.resolve('too late');
    await work.promise;
    expect(late).toEqual(['too late']);
  });
});

describe('an end within a bound', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('came in time, whichever it was, and no timer is left', async () => {
    expect(await endsWithin(1000, Promise.resolve())).toBe(true);
    expect(await endsWithin(1000, Promise.reject(new Error('an end, too')))).toBe(true);
    expect(await endsWithin(1000, undefined)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is waited for no longer', async () => {
    const waited = endsWithin(1000, new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waited).toBe(false);
  });
});

it('all of several are waited for before the first reason is thrown', async () => {
  const slow = Promise.withResolvers<number>();
  let isOver = false;
  const all = allOf([Promise.reject(new Error('first')), slow.promise]).finally(() => (isOver = true));
  all.catch(() => undefined);
  await Promise.resolve();
  expect(isOver).toBe(false);
  slow.resolve(1);
  await expect(all).rejects.toThrow('first');
  await expect(allOf([Promise.resolve('a'), 2] as const)).resolves.toEqual(['a', 2]);
});

describe('a bound on what others send', () => {
  it('is over only when what came in time was read, also by a process that was stopped', async () => {
    using bound = boundedBy(new AbortController().signal, 50);
    const pipe = new MessageChannel();
    const first = new Promise<string>((resolve) => {
      bound.signal.addEventListener('abort', () => resolve('the bound'));
      pipe.port1.on('message', resolve);
    });
    pipe.port2.postMessage('what came');
    // The standstill itself, past the bound.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await first).toBe('what came');
    pipe.port1.close();
  });

  it('aborts with its time, or with the signal, and leaves no timer', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const timed = boundedBy(controller.signal, 1000);
    {
      using own = boundedBy(controller.signal, 5000);
      await vi.advanceTimersByTimeAsync(1200);
      expect([timed.signal.aborted, own.signal.aborted]).toEqual([true, false]);
      controller.abort(new Error('over'));
      expect(own.signal.reason).toEqual(new Error('over'));
    }
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
