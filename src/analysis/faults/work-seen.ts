import type { Trial } from '../../record/record.ts';
import { workTotals } from './edge-totals.ts';
import type { FaultTrials } from './fault-trials.ts';
import { timelineStageOf } from './stages.ts';

export type WorkDone = ReturnType<typeof workTotals>;

/** Names of the phases from the first fault on. */
export function namesFrom(trial: Trial): string[] {
  return trial.phases.filter((phase) => timelineStageOf(trial, phase) !== 'before').map(({ name }) => name);
}

export function addWork(all: readonly WorkDone[]): WorkDone {
  const sum = (of: (work: WorkDone) => number) => all.reduce((n, work) => n + of(work), 0);
  return {
    executions: sum((work) => work.executions),
    useful: sum((work) => work.useful),
    late: sum((work) => work.late),
    repeated: sum((work) => work.repeated),
    failed: sum((work) => work.failed),
  };
}

/** Work of all services together, from the first fault on. */
export function workFromFault({ trials }: FaultTrials): WorkDone {
  return addWork(trials.map((trial) => workTotals(trial.hops?.services ?? [], namesFrom(trial))));
}
