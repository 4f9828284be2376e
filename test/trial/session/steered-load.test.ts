import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSchedule } from '../../../src/measure/schedule.ts';
import { loadUnder } from '../../../src/plan/kinds/timeline/fault-phases.ts';
import type { PlannedFault } from '../../../src/plan/kinds/timeline/timeline.ts';
import { createSteeredLoad } from '../../../src/trial/session/steered-load.ts';

const MAX_MS = 20_000;

function instants(schedule: { readonly count: number; intendedNs(index: number): number }): number[] {
  return Array.from({ length: schedule.count }, (_, i) => schedule.intendedNs(i));
}

it('a change leaves what is due before it, awaited by any generator, as it was; the end is the plan of all changes', () => {
  const change = fc.record({
    afterMs: fc.integer({ min: 1, max: 2000 }),
    factor: fc.constantFrom(0.25, 0.5, 2, 3, 10),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 200 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      (ratePerS, shards, changes) => {
        const shape = { shape: 'constant', ratePerS } as const;
        const load = createSteeredLoad(shape, MAX_MS, { seed: 1, shards });
        const faults: PlannedFault[] = [];
        let nowMs = 0;
        const steer = (durationMs: number) => {
          const before = instants(load.schedule);
          load.steer(loadUnder(shape, faults, durationMs), durationMs);
          const after = instants(load.schedule);
          const due = before.filter((ns) => ns <= nowMs * 1e6).length;
          expect(after.slice(0, due + shards)).toEqual(before.slice(0, due + shards));
        };
        const settle = (atMs: number) => {
          const last = faults.at(-1);
          if (last) faults[faults.length - 1] = { ...last, forMs: atMs - last.atMs };
        };
        for (const { afterMs, factor } of changes) {
          nowMs += afterMs;
          const atMs = load.soonestMs(nowMs);
          expect(atMs).toBeGreaterThanOrEqual(nowMs + 200);
          if (atMs <= (faults.at(-1)?.atMs ?? -1)) continue;
          settle(atMs);
          faults.push({
            id: `load-${faults.length}`,
            do: 'load',
            on: '',
            atMs,
            forMs: MAX_MS - atMs,
            options: { factor },
          });
          steer(MAX_MS);
        }
        nowMs += 1000;
        const endMs = Math.max(load.soonestMs(nowMs), faults.at(-1)!.atMs + 1);
        settle(endMs);
        steer(endMs);
        const planned = createSchedule(loadUnder(shape, faults, endMs), endMs, 1);
        expect(instants(load.schedule)).toEqual(instants(planned));
      },
    ),
  );
});
