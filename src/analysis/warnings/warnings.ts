import type { Result } from '../../record/record.ts';
import type { Analysis } from '../analysis.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import { type CallsFailed, failedCalls } from './calls-failed.ts';
import { type OddClock, oddClock } from './clock.ts';
import { type OddDelivery, oddDeliveries } from './delivery.ts';
import { type Drifting, driftingFigures } from './drifting.ts';
import { type FaultWarning, faultWarnings } from './faults/fault-warnings.ts';
import { type InStep, workInStep } from './in-step.ts';
import { type Interrupted, interruptedRun } from './interrupted.ts';
import { failedTrials, type MissingTrial, skippedTrials } from './missing-trial.ts';
import { nearSustainedRate, type NearSustainedRate } from './near-sustained-rate.ts';
import { type PatternNotRun, notRunPattern } from './not-run.ts';
import { type NotVerified, unverifiedTarget } from './not-verified.ts';
import { type NotSteady, unsteadyTrials } from './not-steady.ts';
import { type NotValid, notValidTrials } from './not-valid.ts';
import { missedOutages, type OutageMissed } from './outage-missed.ts';
import { type Saturated, saturatedTrials } from './saturated.ts';
import { singleRounds, type SpreadUnknown } from './spread-unknown.ts';
import { type TrendWithin, trendsWithin } from './trend-within.ts';
import { type UnlikeWaits, unlikeWaits } from './unlike-waits.ts';

/** A warning that the reader needs before believing or comparing figures. */
export type RunWarning =
  | Interrupted
  | PatternNotRun
  | MissingTrial
  | NotValid
  | NotSteady
  | NotVerified
  | CallsFailed
  | Saturated
  | Drifting
  | TrendWithin
  | InStep
  | NearSustainedRate
  | OddDelivery
  | OutageMissed
  | OddClock
  | UnlikeWaits
  | SpreadUnknown
  | FaultWarning;

export function runWarnings({ result, patterns, perVariant, faults }: Analysis): RunWarning[] {
  return [
    ...interruptedRun(result),
    ...patterns.flatMap((pattern) => [
      ...notRunPattern(pattern),
      ...unverifiedTarget(pattern),
      ...failedTrials(pattern),
      ...skippedTrials(pattern),
      ...notValidTrials(pattern),
      ...unsteadyTrials(pattern),
      ...perVariant
        .filter((line) => line.record === pattern.record)
        .flatMap((line) => loadWarnings(line, result)),
      ...oddDeliveries(pattern),
      ...missedOutages(pattern),
      ...oddClock(pattern),
    ]),
    ...faultWarnings(faults, result.scenario),
    ...unlikeWaits(patterns),
    ...singleRounds(perVariant),
  ];
}

/** Warnings that depend on the load, for each variant. */
function loadWarnings(line: PatternResult, result: Result): RunWarning[] {
  return [
    ...failedCalls(line),
    ...saturatedTrials(line),
    ...driftingFigures(line),
    ...trendsWithin(line),
    ...workInStep(line, result),
    ...nearSustainedRate(line, result),
  ];
}
