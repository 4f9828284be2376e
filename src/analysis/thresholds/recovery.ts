import { NS_PER_MS } from '../../kernel/clock.ts';
import type { Recovery } from '../../measure/hops/health.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { FaultTrials } from '../faults/fault-trials.ts';
import { endingOf } from '../faults/health-of.ts';
import type { ThresholdFound, ThresholdMissing } from './figure.ts';

/** Time in ms from the fault to healthy again, of the round that took longest. */
export function recoveryOf(line: FaultTrials, scenario: Scenario): ThresholdFound | ThresholdMissing {
  const ending = endingOf(line, scenario);
  if (!ending) return { reason: { code: 'no-health' } };
  if (ending.isCutShort) return { reason: { code: 'recovery-unseen' } };
  const range = rangeOf(ending.recovery);
  if (!range) return { reason: { code: 'health-unjudged' } };
  const [low, high] = range.map((ns) => ns / NS_PER_MS) as [number, number];
  return { low, high, unit: 'us', detail: { code: 'recovery', recovery: ending.recovery } };
}

/** Bounds in nanoseconds; undefined: unknown. The resolution is one window. */
function rangeOf(recovery: Recovery): readonly [number, number] | undefined {
  switch (recovery.state) {
    case 'unjudged':
      return undefined;
    case 'never-harmed':
      return [0, 0];
    case 'recovered':
      return recovery.afterNs < recovery.windowNs
        ? [0, recovery.windowNs]
        : [recovery.afterNs, recovery.afterNs];
    case 'not-recovered':
      return [recovery.watchedNs, Infinity];
  }
}
