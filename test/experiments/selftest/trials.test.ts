import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { createSchedule } from '../../../src/measure/schedule.ts';
import { frozenTrial, stillTrial } from '../../../src/experiments/selftest/trials.ts';
import { events, rest } from './selftest-measured.ts';

test('what is held are exactly the arrivals of the phase of that name, and the seeded defects are among them', () => {
  const spec = stillTrial({ id: 1, pattern: events, seed: 1 }, '/tmp/seeded defects');
  const {
    load: { shape: load, durationMs, phases },
  } = spec;
  const seededDefects = spec.system.service.seededDefects!;
  const schedule = createSchedule(load, durationMs, 1);
  const held = phases.find(({ name }) => name === 'held')!;
  const first = schedule.intendedNs(seededDefects.hold!.from);
  const after = schedule.intendedNs(seededDefects.hold!.to);
  expect([first, after]).toEqual([held.fromMs * NS_PER_MS, held.toMs * NS_PER_MS]);
  for (const sequence of [...seededDefects.lose, ...seededDefects.double, ...seededDefects.reorder]) {
    expect(sequence).toBeGreaterThanOrEqual(seededDefects.hold!.from);
    // The next message of the key, which overtakes it, is held too.
    expect(sequence + 1).toBeLessThan(seededDefects.hold!.to);
  }
});

test('no message comes while another is held; as many are without a hold as with it', () => {
  const {
    load: { shape: load, durationMs },
    system: { service },
  } = stillTrial({ id: 1, pattern: rest, seed: 1 }, '/tmp/seeded defects');
  const schedule = createSchedule(load, durationMs, 1);
  const { from, to, ms } = service.seededDefects!.hold!;
  expect(schedule.intendedNs(1) - schedule.intendedNs(0)).toBeGreaterThan(1.5 * ms * NS_PER_MS);
  expect(2 * (to - from)).toBe(schedule.count);
  expect(from).toBe(schedule.count - to);
});

test('seeded defects are in the last subscriber', () => {
  const seeded = (pattern: typeof rest) =>
    stillTrial({ id: 1, pattern, seed: 1 }, '').system.service.seededDefects!.subscriber;
  expect([seeded(rest), seeded(events)]).toEqual([0, 1]);
});

test('a freeze begins and ends within the load, and holds up more than a tenth of it', () => {
  const {
    faults,
    load: { durationMs },
  } = frozenTrial({ id: 1, pattern: rest, seed: 1 }, 'service');
  const { atMs, forMs } = faults[0]!;
  expect(atMs).toBeGreaterThan(0);
  expect(atMs + 2 * forMs).toBeLessThan(durationMs);
  expect(forMs).toBeGreaterThan(durationMs / 10);
});
