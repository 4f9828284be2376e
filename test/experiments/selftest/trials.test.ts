import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { createSchedule } from '../../../src/measure/schedule.ts';
import { frozenTrial, stillTrial } from '../../../src/experiments/selftest/trials.ts';
import { events, rest } from './selftest-seen.ts';

test('what is held are exactly the arrivals of the phase of that name, and the plants are among them', () => {
  const spec = stillTrial({ id: 1, row: events, seed: 1 }, '/tmp/plants');
  const { load, durationMs, phases } = spec;
  const plants = spec.service.plants!;
  const schedule = createSchedule(load, durationMs, 1);
  const held = phases.find(({ name }) => name === 'held')!;
  const first = schedule.intendedNs(plants.hold!.from);
  const after = schedule.intendedNs(plants.hold!.to);
  expect([first, after]).toEqual([held.fromMs * NS_PER_MS, held.toMs * NS_PER_MS]);
  for (const sequence of [...plants.lose, ...plants.double, ...plants.reorder]) {
    expect(sequence).toBeGreaterThanOrEqual(plants.hold!.from);
    // The next message of the key, which overtakes it, is held too.
    expect(sequence + 1).toBeLessThan(plants.hold!.to);
  }
});

test('no message comes while another is held; as many are without a hold as with it', () => {
  const { load, durationMs, service } = stillTrial({ id: 1, row: rest, seed: 1 }, '/tmp/plants');
  const schedule = createSchedule(load, durationMs, 1);
  const { from, to, ms } = service.plants!.hold!;
  expect(schedule.intendedNs(1) - schedule.intendedNs(0)).toBeGreaterThan(1.5 * ms * NS_PER_MS);
  expect(2 * (to - from)).toBe(schedule.count);
  expect(from).toBe(schedule.count - to);
});

test('plants are in the last subscriber', () => {
  const planted = (row: typeof rest) => stillTrial({ id: 1, row, seed: 1 }, '').service.plants!.subscriber;
  expect([planted(rest), planted(events)]).toEqual([0, 1]);
});

test('a freeze begins and ends within the load, and holds up more than a tenth of it', () => {
  const { faults, durationMs } = frozenTrial({ id: 1, row: rest, seed: 1 }, 'service');
  const { atMs, forMs } = faults[0]!;
  expect(atMs).toBeGreaterThan(0);
  expect(atMs + 2 * forMs).toBeLessThan(durationMs);
  expect(forMs).toBeGreaterThan(durationMs / 10);
});
