import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import type { Span } from '../../measure/hops/health.ts';
import type { FaultRecord, Trial } from '../../record/record.ts';
import { isHarmful } from '../../faults/faults.ts';
import { factorOf } from './load-factor.ts';

/** Whether a fault lowers the load: that harms no endpoint and is an operator's remedy. */
export function isShedding(fault: FaultRecord, scenario: Scenario): boolean {
  return fault.do === 'load' && factorOf(fault, scenario) < 1;
}

/** Faults that can do harm: neither less load nor other policies. */
export function harmfulOf(faults: readonly FaultRecord[], scenario: Scenario): FaultRecord[] {
  return faults.filter((fault) => isHarmful(fault) && !isShedding(fault, scenario));
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
  for (const fault of faults.filter(isHarmful).toSorted((a, b) => a.plannedAtNs - b.plannedAtNs)) {
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

/**
 * Position of a phase on its trial's faults. Its name says which of them were on (plan/kinds/timeline/fault-phases.ts):
 * phases end where the faults were observed to end.
 */
export function timelineStageOf(
  { faults }: Pick<Trial, 'faults'>,
  { name }: Pick<Phase, 'name'>,
): TimelineStage {
  const on = name.replace(/#\d+$/, '').split('+');
  if (faults.some((fault) => on.includes(fault.id ?? fault.do))) return 'during';
  if (faults.length === 0 || on[0] === 'baseline') return 'before';
  return on[0] === 'recovery' ? 'after' : 'between';
}

/** Phases with a harmful fault. */
export function harmedPhases(trial: Trial, scenario: Scenario): Phase[] {
  const harmful = { ...trial, faults: harmfulOf(trial.faults, scenario) };
  return trial.phases.filter((phase) => timelineStageOf(harmful, phase) === 'during');
}

/**
 * Phases of a control beside a span of its faulted trial: those whose middle lies in it. The control is cut where faults
 * were planned to begin and end, more finely or more coarsely than what was observed; where no middle lies in the span,
 * it is the phase around it.
 */
export function phasesBeside({ phases }: Pick<Trial, 'phases'>, { fromNs, toNs }: Span): Phase[] {
  const middleOf = (span: Span) => (span.fromNs + span.toNs) / 2;
  const inside = phases.filter((phase) => fromNs <= middleOf(phase) && middleOf(phase) < toNs);
  const middleNs = middleOf({ fromNs, toNs });
  const isAround = (phase: Phase) => phase.fromNs <= middleNs && middleNs < phase.toNs;
  return inside.length > 0 ? inside : phases.filter(isAround);
}

/** One entry per phase name of any round, at its first appearance; a slow restart may add a name to one round. */
export function phasesByName(trials: readonly Pick<Trial, 'phases'>[]): Phase[] {
  const all = trials.flatMap(({ phases }) => phases).toSorted((a, b) => a.fromNs - b.fromNs);
  return all.filter((phase, i) => all.findIndex(({ name }) => name === phase.name) === i);
}

/** End of the measured load. */
export function endNs({ phases }: Trial): Nanoseconds {
  return phases.at(-1)?.toNs ?? 0;
}
