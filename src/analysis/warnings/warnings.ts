import type { Result } from '../../record/record.ts';
import type { Analysis } from '../analysis.ts';
import type { ResultRow } from '../patterns/row.ts';
import { type CallsFailed, failedCalls } from './calls-failed.ts';
import { type OddClock, oddClock } from './clock.ts';
import { type OddDelivery, oddDeliveries } from './delivery.ts';
import { type FaultWarning, faultWarnings } from './faults/fault-warnings.ts';
import { type Interrupted, interruptedRun } from './interrupted.ts';
import { failedTrials, type MissingTrial, skippedTrials } from './missing-trial.ts';
import { nearCalibratedCeiling, type NearCeiling, nearOwnCeiling } from './near-ceiling.ts';
import { type NotRun, notRunPattern } from './not-run.ts';
import { type NotStationary, unsteadyTrials } from './not-stationary.ts';
import { type NotValid, notValidTrials } from './not-valid.ts';
import { missedOutages, type OutageMissed } from './outage-missed.ts';
import { type Saturated, saturatedTrials } from './saturated.ts';
import { singleRounds, type SpreadUnknown } from './spread-unknown.ts';
import { type UnlikeWaits, unlikeWaits } from './unlike-waits.ts';

/** Something that a reader must know before believing or comparing. */
export type RunWarning =
  | Interrupted
  | NotRun
  | MissingTrial
  | NotValid
  | NotStationary
  | CallsFailed
  | Saturated
  | NearCeiling
  | OddDelivery
  | OutageMissed
  | OddClock
  | UnlikeWaits
  | SpreadUnknown
  | FaultWarning;

export function runWarnings({ result, patterns, perVariant, faults }: Analysis): RunWarning[] {
  return [
    ...interruptedRun(result),
    ...patterns.flatMap((row) => [
      ...notRunPattern(row),
      ...failedTrials(row),
      ...skippedTrials(row),
      ...notValidTrials(row),
      ...unsteadyTrials(row),
      ...perVariant
        .filter((line) => line.pattern === row.pattern)
        .flatMap((line) => loadWarnings(line, result)),
      ...oddDeliveries(row),
      ...missedOutages(row),
      ...oddClock(row),
    ]),
    ...faultWarnings(faults, result.scenario),
    ...unlikeWaits(patterns),
    ...singleRounds(perVariant),
  ];
}

/** What depends on the load, variant by variant. */
function loadWarnings(line: ResultRow, result: Result): RunWarning[] {
  return [
    ...failedCalls(line),
    ...saturatedTrials(line),
    ...nearOwnCeiling(line),
    ...nearCalibratedCeiling(line, result),
  ];
}
