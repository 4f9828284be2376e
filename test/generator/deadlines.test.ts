import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDeadlines } from '../../src/generator/deadlines.ts';
import { nowNs } from '../../src/kernel/clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Call i is intended at i × 10 ms and has 100 ms. */
function setUp() {
  const startNs = nowNs();
  const open = new Set<number>();
  const expired: [index: number, afterMs: number][] = [];
  const deadlines = createDeadlines({
    deadlineNs: (i) => startNs + (i * 10 + 100) * 1e6,
    isOpen: (i) => open.has(i),
    expire: (i) => {
      open.delete(i);
      expired.push([i, (nowNs() - startNs) / 1e6]);
    },
  });
  const begin = (i: number): void => {
    open.add(i);
    deadlines.begun(i);
  };
  return { open, expired, deadlines, begin };
}

it('ends each wait at its own deadline', () => {
  const { begin, expired } = setUp();
  for (let i = 0; i < 5; i++) {
    begin(i);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(500);
  expect(expired).toEqual([0, 1, 2, 3, 4].map((i) => [i, i * 10 + 100]));
});

it('lets calls be that ended in time', () => {
  const { begin, open, expired } = setUp();
  for (let i = 0; i < 5; i++) begin(i);
  for (const i of [0, 1, 3]) open.delete(i);
  vi.advanceTimersByTime(500);
  expect(expired.map(([i]) => i)).toEqual([2, 4]);
});

it('uses one timer, however many calls are open', () => {
  const { begin } = setUp();
  for (let i = 0; i < 100; i++) begin(i);
  expect(vi.getTimerCount()).toBe(1);
});

it('counts from the intended instant: a call begun late has less time', () => {
  const { begin, expired } = setUp();
  vi.advanceTimersByTime(95);
  begin(0);
  vi.advanceTimersByTime(500);
  expect(expired).toEqual([[0, 100]]);
});

it('has no timer left when it is disposed of', () => {
  const { begin, deadlines } = setUp();
  begin(0);
  deadlines[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
});
