import { expect, test } from 'vitest';
import { FAULT_LIMITS, isOnPlan, offPlanText } from '../../../src/measure/validity/fault-times.ts';

const MS = 1e6;

/** Planned from 2 s for 2 s; on between these instants, in ms. */
function fault(beganMs: number | null, endedMs: number | null, forMs = 2000) {
  const at = (ms: number | null) => (ms === null ? null : ms * MS);
  return {
    name: 'the fault fz of service',
    plannedAtNs: 2000 * MS,
    plannedForNs: forMs * MS,
    beganNs: at(beganMs),
    endedNs: at(endedMs),
  };
}

test('a fault is believed where it was on from when to when it was planned', () => {
  expect(isOnPlan(fault(2000, 4000))).toBe(true);
  expect(offPlanText(fault(2003, 4002))).toBeUndefined();
});

test('5 % of its length, and at least 50 ms, may be missing: of its begin, its end and its length', () => {
  expect(FAULT_LIMITS).toEqual({ offNs: 50 * MS, offShare: 0.05 });
  expect(isOnPlan(fault(2100, 4100))).toBe(true);
  expect(isOnPlan(fault(2101, 4101))).toBe(false);
  expect(isOnPlan(fault(2000, 4101))).toBe(false);
  expect(isOnPlan(fault(2060, 3950))).toBe(false);
  // Of a short one 5 % would be less than timers are precise.
  expect(isOnPlan(fault(2050, 2150, 100))).toBe(true);
  expect(isOnPlan(fault(2051, 2150, 100))).toBe(false);
});

test('the reason tells both by figures', () => {
  expect(offPlanText(fault(6440, 6444))).toBe(
    'the fault fz of service was on from 6.44 s for 4 ms (planned: from 2.00 s for 2.00 s, limit 100 ms)',
  );
  expect(offPlanText(fault(2000, 5270))).toContain('was on from 2.00 s for 3.27 s (planned');
  expect(offPlanText(fault(null, null))).toContain('was never observed');
  expect(offPlanText(fault(2000, null))).toContain('its end was not observed');
});
