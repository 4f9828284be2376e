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
  return {
    executions: all.reduce((n, work) => n + work.executions, 0),
    useful: all.reduce((n, work) => n + work.useful, 0),
  };
}

/** Work of all services together, from the first fault on. */
export function workFromFault({ trials }: FaultTrials): WorkDone {
  return addWork(trials.map((trial) => workTotals(trial.hops?.services ?? [], namesFrom(trial))));
}
