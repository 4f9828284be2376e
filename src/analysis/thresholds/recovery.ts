import { NS_PER_MS } from '../../kernel/clock.ts';
import type { Recovery } from '../../measure/hops/health.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { endingOf } from '../faults/health-of.ts';
import { recoveryText } from '../../report/faults/recovery-text.ts';
import type { ThresholdFound, ThresholdMissing } from './figure.ts';

/** How long after the fault a line was healthy again, of the round that took longest: ms. */
export function recoveryOf(
  comparison: FaultComparison,
  scenario: Scenario,
): ThresholdFound | ThresholdMissing {
  const ending = endingOf(comparison, scenario);
  if (!ending) return { reason: 'no fault was measured whose health is known' };
  if (ending.isCutShort) return { reason: 'too little arrived after the fault to see a recovery' };
  const range = rangeOf(ending.recovery);
  if (!range) return { reason: 'too little arrived to judge its health' };
  const [low, high] = range.map((ns) => ns / NS_PER_MS) as [number, number];
  return { low, high, text: recoveryText(ending.recovery), unit: 'us' };
}

/** Nanoseconds between which it lies; undefined: unknown. Nothing is told better than a window is long. */
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
