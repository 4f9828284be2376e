import {
  type Harm,
  blastRadius,
  detection,
  falseOpens,
  harmed,
  recovery,
  type Recovery,
  type Span,
  windowsSince,
} from '../../measure/hops/health.ts';
import { type EndpointFigures, type Hops, RECOVERED_WINDOWS } from '../../measure/hops/hop-figures.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { FaultRecord, Trial } from '../../record/record.ts';
import { controlOf, dependentOf, type FaultTrials } from './fault-trials.ts';
import { disturbancesOf, endNs, harmfulOf, isShedding, spanOf } from './stages.ts';

/** Ending of a trial: its faults, and the time to recover after the last of them. */
export interface Ending {
  readonly span: Span;
  readonly recovery: Recovery;
  /** Not recovered, and could not have been: too few calls arrived after the fault. */
  readonly isCutShort: boolean;
  /** Load that was shed before recovery: it may not have recovered by itself. */
  readonly shed: FaultRecord | null;
}

/** Ending of a trial of known health. Shedding load is no harm, but may end it. */
function endingOfTrial(line: FaultTrials, trial: Trial, scenario: Scenario): Ending[] {
  const { hops, faults } = trial;
  const harmful = harmfulOf(faults, scenario);
  if (!hops || harmful.length === 0 || !scenario.watchRecovery) return [];
  const span = spanOf(harmful);
  const each = endpointsToRecover(line, trial, hops).map(({ windows }) => ({
    recovery: recovery(windows, span, endNs(trial)),
    isShort: windowsSince(windows, span.toNs) < RECOVERED_WINDOWS,
  }));
  const worst = worstOf(each.map((one) => one.recovery));
  const unrecovered = each.filter((one) => one.recovery.state === 'not-recovered');
  const wellNs = worst.state === 'recovered' ? span.toNs + worst.afterNs : 0;
  const shed = faults.find((fault) => isShedding(fault, scenario) && fault.plannedAtNs <= wellNs);
  const isCutShort = unrecovered.length > 0 && unrecovered.every(({ isShort }) => isShort);
  return [{ span, recovery: worst, isCutShort, shed: shed ?? null }];
}

/** Endpoints that depend on the faulted part, and those that the fault harmed although they do not. */
function endpointsToRecover(line: FaultTrials, trial: Trial, hops: Hops): EndpointFigures[] {
  const dependent = dependentOf(line, hops);
  const control = controlOf(line, trial)?.hops?.endpoints;
  if (!control) return dependent;
  const span = { fromNs: spanOf(trial.faults).fromNs, toNs: endNs(trial) };
  const others = hops.endpoints.filter((endpoint) => {
    const same = control.find(({ operation }) => operation === endpoint.operation);
    return !dependent.includes(endpoint) && harmed(endpoint.windows, same?.windows ?? [], span);
  });
  return [...dependent, ...others];
}

/** The worst recovery: it counts as recovered only where all endpoints have recovered. */
function worstOf(all: readonly Recovery[]): Recovery {
  const longest = (state: 'recovered' | 'not-recovered') =>
    all.filter((one) => one.state === state).toSorted((a, b) => lengthNs(b) - lengthNs(a))[0];
  const known = longest('not-recovered') ?? longest('recovered');
  return known ?? all.find(({ state }) => state === 'unjudged') ?? { state: 'never-harmed' };
}

function lengthNs(one: Recovery): number {
  if (one.state === 'recovered') return one.afterNs;
  return one.state === 'not-recovered' ? one.watchedNs : 0;
}

/** Ending of the round that ended worst. */
export function endingOf(line: FaultTrials, scenario: Scenario): Ending | undefined {
  const endings = line.trials.flatMap((trial) => endingOfTrial(line, trial, scenario));
  const worst = worstOf(endings.map((ending) => ending.recovery));
  return endings.find((ending) => ending.recovery === worst) ?? endings[0];
}

/** Slowest round; null: in one of them there was no protective act. */
export function detectedNs({ trials }: FaultTrials, scenario: Scenario): number | null {
  const found = trials.map((trial) => {
    const faults = harmfulOf(trial.faults, scenario);
    return trial.hops && faults.length > 0 ? detection(trial.hops, spanOf(faults)) : null;
  });
  return found.length === 0 || found.includes(null) ? null : Math.max(...found.map(Number));
}

/** Breakers opened without a fault, controls included; null: there is no breaker, or it never opened. */
export function falseOpensOf({ trials, controls }: FaultTrials): number | null {
  const all = [...trials, ...controls].filter(({ hops }) => hops !== null);
  if (all.every(({ hops }) => hops!.transitions.length === 0)) return null;
  return all.reduce((n, trial) => {
    return n + falseOpens(trial.hops!.transitions, disturbancesOf(trial).map(spanOf));
  }, 0);
}

/** Endpoints harmed from the fault's start until the load's end, in the round with the most. */
export function blastOf(line: FaultTrials): { independent: Harm; dependent: Harm } | undefined {
  const { trials, isDependent } = line;
  const found = trials.flatMap((trial) => {
    const control = controlOf(line, trial);
    if (!trial.hops || !control?.hops || trial.faults.length === 0) return [];
    const span = { fromNs: spanOf(trial.faults).fromNs, toNs: endNs(trial) };
    return [blastRadius(trial.hops.endpoints, control.hops.endpoints, span, isDependent)];
  });
  return found.toSorted((a, b) => harmCount(b) - harmCount(a))[0];
}

function harmCount({ independent, dependent }: { independent: Harm; dependent: Harm }): number {
  return independent.harmed + dependent.harmed;
}
