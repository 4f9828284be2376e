import { propagation, type Since } from '../../measure/hops/health.ts';
import type { HealthWindow } from '../../measure/hops/hop-figures.ts';
import type { Trial } from '../../record/record.ts';
import { workTotals } from './edge-totals.ts';
import { controlOf, dependentOf, type FaultTrials } from './fault-trials.ts';
import { phasesBeside, spanOf, timelineStageOf } from './stages.ts';
import { addWork, namesFrom, type WorkDone } from './work-seen.ts';

/** Work and health of one service, from the first fault on. */
export interface ServiceSeen {
  readonly service: string;
  readonly work: WorkDone;
  /** The same in the controls, at the same time. */
  readonly control: WorkDone;
  /**
   * From the fault's start to its callers' first unhealthy window, in the round where that came soonest; null: none.
   */
  readonly harmedAfter: Since | null;
}

export function servicesSeen(line: FaultTrials): ServiceSeen[] {
  const services = line.trials[0]?.hops?.services ?? [];
  return services.map(({ id }) => ({
    service: id,
    work: addWork(line.trials.map((trial) => workOf(trial, id, namesFrom(trial)))),
    control: addWork(line.controls.map((control) => controlWork(line.trials[0]!, control, id))),
    harmedAfter: soonest(line.trials.map((trial) => propagationTo(line, trial, id))),
  }));
}

function workOf({ hops }: Trial, service: string, names: readonly string[]): WorkDone {
  return workTotals(
    (hops?.services ?? []).filter(({ id }) => id === service),
    names,
  );
}

function controlWork(of: Trial, control: Trial, service: string): WorkDone {
  const names = of.phases
    .filter((phase) => timelineStageOf(of, phase) !== 'before')
    .flatMap((phase) => phasesBeside(control, phase).map(({ name }) => name));
  return workOf(control, service, names);
}

function propagationTo(line: FaultTrials, trial: Trial, service: string): Since | null {
  const control = controlOf(line, trial);
  if (trial.faults.length === 0 || !control) return null;
  const { fromNs } = spanOf(trial.faults);
  const usual = windowsOf(line, control, service);
  return soonest(
    windowsOf(line, trial, service).map((windows, i) => propagation(windows, usual[i] ?? [], fromNs)),
  );
}

/** Health of a service as its callers measure it; the caller of the first one is the generator. */
function windowsOf(line: FaultTrials, { hops }: Trial, service: string): (readonly HealthWindow[])[] {
  if (!hops) return [];
  if (service === hops.services[0]?.id) return dependentOf(line, hops).map(({ windows }) => windows);
  return hops.edges.filter(({ to }) => to === service).map(({ windows }) => windows);
}

function soonest(all: readonly (Since | null)[]): Since | null {
  const known = all.filter((one) => one !== null);
  return known.toSorted((a, b) => a.afterNs - b.afterNs)[0] ?? null;
}
