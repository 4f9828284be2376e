import { NS_PER_MS, type Nanoseconds } from '../../kernel/clock.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import type { Span } from '../../measure/hops/health.ts';
import type { FaultRecord, Trial } from '../../record/record.ts';
import { factorOf } from './load-factor.ts';

/** Whether a fault lowers the load: that harms no endpoint and is an operator's remedy. */
export function isShedding(fault: FaultRecord, scenario: Scenario): boolean {
  return fault.do === 'load' && factorOf(fault, scenario) < 1;
}

/** From the first instant at which a fault was on, until the last one was lifted and the service ready again. */
export function spanOf(faults: readonly FaultRecord[]): Span {
  return {
    fromNs: Math.min(...faults.map((fault) => fault.injectedNs ?? fault.plannedAtNs)),
    toNs: Math.max(
      ...faults.map((fault) => fault.readyNs ?? fault.liftedNs ?? fault.plannedAtNs + fault.plannedForNs),
    ),
  };
}

/** Faults that overlap or follow immediately are one disturbance. Returned in order. */
export function disturbancesOf({ faults }: Trial): FaultRecord[][] {
  const groups: FaultRecord[][] = [];
  for (const fault of faults.toSorted((a, b) => a.plannedAtNs - b.plannedAtNs)) {
    const last = groups.at(-1);
    if (last && fault.plannedAtNs <= Math.max(...last.map(plannedEndNs))) last.push(fault);
    else groups.push([fault]);
  }
  return groups;
}

function plannedEndNs({ plannedAtNs, plannedForNs }: FaultRecord): Nanoseconds {
  return plannedAtNs + plannedForNs;
}

export type TimelineStage = 'before' | 'during' | 'between' | 'after';

/** Position of a phase on its trial's planned faults: phases are cut where faults begin and end. */
export function timelineStageOf({ faults }: Trial, { fromNs, toNs }: Phase): TimelineStage {
  const middle = (fromNs + toNs) / 2;
  if (faults.some((fault) => fault.plannedAtNs <= middle && middle < plannedEndNs(fault))) return 'during';
  if (faults.every((fault) => middle < fault.plannedAtNs)) return 'before';
  return faults.every((fault) => middle >= plannedEndNs(fault)) ? 'after' : 'between';
}

/** Phases with a harmful fault. */
export function harmedPhases(trial: Trial, scenario: Scenario): Phase[] {
  const harmful = { ...trial, faults: trial.faults.filter((fault) => !isShedding(fault, scenario)) };
  return trial.phases.filter((phase) => timelineStageOf(harmful, phase) === 'during');
}

/** Phases of a control within a span of its faulted trial; the control may be cut more finely. */
export function phasesWithin(trial: Trial, { fromNs, toNs }: Span): Phase[] {
  return trial.phases.filter((phase) => phase.fromNs >= fromNs - NS_PER_MS && phase.toNs <= toNs + NS_PER_MS);
}

/** End of the measured load. */
export function endNs({ phases }: Trial): Nanoseconds {
  return phases.at(-1)?.toNs ?? 0;
}
