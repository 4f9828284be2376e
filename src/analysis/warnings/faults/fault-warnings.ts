import type { Scenario } from '../../../scenario/schema/schema.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { type ControlUnhealthy, missingControls, type NoControl, unhealthyControls } from './controls.ts';
import { type FaultMissed, missedFaults } from './fault-missed.ts';
import { type HealthUnknown, unknownHealth } from './health-unknown.ts';
import { type ObjectiveRough, roughObjectives } from './objective-rough.ts';
import { type OneRound, oneRound } from './one-round.ts';
import { type RecoveryUnseen, unseenRecoveries } from './recovery-unseen.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';

export type FaultWarning =
  | FaultMissed
  | HopsTorn
  | HealthUnknown
  | RecoveryUnseen
  | NoControl
  | ControlUnhealthy
  | OneRound
  | ObjectiveRough;

/** Warnings on faults and controls that the reader needs before believing them. */
export function faultWarnings(comparisons: readonly FaultComparison[], scenario: Scenario): FaultWarning[] {
  const ran = comparisons.filter(({ trials }) => trials.length > 0);
  return [
    ...ran.flatMap((comparison) => [...missedFaults(comparison), ...tornHops(comparison)]),
    ...unknownHealth(ran),
    ...unseenRecoveries(ran, scenario),
    ...missingControls(ran),
    ...unhealthyControls(ran),
    ...oneRound(ran),
    ...roughObjectives(comparisons, scenario),
  ];
}

/** Torn lines of the services' logs. */
interface HopsTorn {
  readonly code: 'hops-torn';
  readonly line: string;
  readonly torn: number;
}

function tornHops(comparison: FaultComparison): HopsTorn[] {
  const torn = comparison.trials.reduce((n, { hops }) => n + (hops?.torn ?? 0), 0);
  return torn === 0 ? [] : [{ code: 'hops-torn', line: nameWithCase(comparison), torn }];
}
