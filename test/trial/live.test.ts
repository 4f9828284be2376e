import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSchedule } from '../../src/measure/schedule.ts';
import { showLive } from '../../src/trial/live.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import type { Testbed } from '../../src/trial/environment/testbed.ts';
import type { TrialSpec } from '../../src/plan/spec.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const spec = {
  kind: 'latency',
  load: { durationMs: 1000, phases: [{ name: 'baseline', fromMs: 0, toMs: 1000 }] },
  system: { pattern: { subscribers: 1 } },
  faults: [],
} as unknown as TrialSpec;

function watch() {
  const over = new AbortController();
  const refresh = vi.fn();
  const live = showLive({
    testbed: { progress: silentProgress } as Testbed,
    spec,
    schedule: createSchedule({ shape: 'constant', ratePerS: 10 }, 1000, 1),
    startNs: 0,
    collector: { effects: [], refresh },
    signal: over.signal,
  });
  return { over, refresh, live };
}

test('the effect log is read again and again while it is shown', () => {
  const { refresh, live } = watch();
  vi.advanceTimersByTime(2000);
  const reads = refresh.mock.calls.length;
  expect(reads).toBeGreaterThan(1);
  live[Symbol.dispose]();
  vi.advanceTimersByTime(2000);
  expect(refresh).toHaveBeenCalledTimes(reads);
});

test('a trial that is over is not shown any more, though what drove it still waits', () => {
  const { over, refresh } = watch();
  over.abort();
  vi.advanceTimersByTime(2000);
  expect(refresh).not.toHaveBeenCalled();
});
