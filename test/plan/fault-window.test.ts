import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../src/kernel/clock.ts';
import { createSchedule } from '../../src/measure/schedule.ts';
import { windowOf } from '../../src/plan/fault-window.ts';

const loads = fc.oneof(
  fc.record({ shape: fc.constant('constant' as const), ratePerS: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({ shape: fc.constant('poisson' as const), ratePerS: fc.integer({ min: 1, max: 2000 }) }),
);

test('a window holds exactly the arrivals that are due while the fault lasts', () => {
  fc.assert(
    fc.property(loads, fc.nat(3000), fc.integer({ min: 1, max: 3000 }), (load, atMs, forMs) => {
      const schedule = createSchedule(load, 2000, 1);
      const { from, to } = windowOf({ atMs, forMs }, schedule);
      const due = Array.from({ length: schedule.count }, (_, i) => schedule.intendedNs(i));
      const isIn = (ns: number) => ns >= atMs * NS_PER_MS && ns < (atMs + forMs) * NS_PER_MS;
      expect(due.flatMap((ns, i) => (isIn(ns) ? [i] : []))).toEqual(
        Array.from({ length: to - from }, (_, i) => from + i),
      );
    }),
  );
});
