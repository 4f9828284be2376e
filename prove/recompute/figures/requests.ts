import type { StoredEndpoint, StoredHops, StoredPhase, StoredSeries, StoredTrial } from '../pages/stored.ts';
import {
  dependentEndpoints,
  eachOnce,
  type FaultLine,
  harmfulFaults,
  phasesInside,
  phasesWith,
} from './faults.ts';
import { addUp, phasesOf, secondsOf } from './patterns.ts';
import { type Samples, together } from './samples.ts';

/** What became of requests in some phases. */
export interface Requests {
  readonly planned: number;
  readonly correct: number;
  readonly degraded: number;
  readonly done: number;
  readonly seconds: number;
  readonly response: Samples | null;
  readonly completion: Samples | null;
}

export interface Beside {
  readonly here: Requests;
  readonly control: Requests;
}

interface Part {
  readonly planned: number;
  readonly correct: number;
  readonly degraded?: number;
  readonly done: number;
  readonly response: StoredSeries;
  readonly completion: StoredSeries;
}

interface Picked {
  readonly trial: StoredTrial;
  readonly phases: readonly StoredPhase[];
}

function requestsIn(
  picked: readonly Picked[],
  endpointsOf: (hops: StoredHops) => readonly StoredEndpoint[],
): Requests {
  const parts = picked.flatMap(({ trial: { hops }, phases }): Part[] => {
    if (!hops) return [...phases];
    const names = phases.map(({ name }) => name);
    return endpointsOf(hops).flatMap((one) => one.phases.filter(({ name }) => names.includes(name)));
  });
  return {
    planned: addUp(parts, ({ planned }) => planned),
    correct: addUp(parts, ({ correct }) => correct),
    degraded: addUp(parts, ({ degraded }) => degraded ?? 0),
    done: addUp(parts, ({ done }) => done),
    seconds: secondsOf(picked.flatMap(({ phases }) => phases)),
    response: together(parts.map(({ response }) => response)),
    completion: together(parts.map(({ completion }) => completion)),
  };
}

/** While the faults lasted: of one operation, or of all that depend on the faulted part. */
export function requestsInFault(line: FaultLine, operation?: string): Beside {
  const { record, trials, controls } = line;
  const endpointsOf = (hops: StoredHops) =>
    operation === undefined
      ? dependentEndpoints(line, hops)
      : hops.endpoints.filter((endpoint) => endpoint.operation === operation);
  const harmed = (trial: StoredTrial) => phasesWith(harmfulFaults(record, trial), trial.phases);
  const usual = controls.map((trial) => {
    const of = trials.find(({ round }) => round === trial.round) ?? trials[0];
    return { trial, phases: of ? besides(trial, harmed(of)) : [] };
  });
  return {
    here: requestsIn(
      trials.map((trial) => ({ trial, phases: harmed(trial) })),
      endpointsOf,
    ),
    control: requestsIn(usual, endpointsOf),
  };
}

/** Phases of a control beside others, each once. */
function besides(control: StoredTrial, spans: readonly StoredPhase[]): StoredPhase[] {
  return [...new Set(spans.flatMap((span) => phasesInside(control, span)))];
}

export function requestsOfPhase(line: FaultLine, name: string): Beside {
  const { trials, controls } = line;
  const endpointsOf = (hops: StoredHops) => dependentEndpoints(line, hops);
  const named = (phases: readonly StoredPhase[]) => phases.filter((one) => one.name === name);
  const span = named(eachOnce(phasesOf(trials)));
  return {
    here: requestsIn(
      trials.map((trial) => ({ trial, phases: named(trial.phases) })),
      endpointsOf,
    ),
    control: requestsIn(
      controls.map((trial) => ({ trial, phases: besides(trial, span) })),
      endpointsOf,
    ),
  };
}

/** 1 of none. */
export function correctShare({ correct, planned }: Requests): number {
  return planned === 0 ? 1 : correct / planned;
}

/** Correct answers of the control that are missing here, as a share. */
export function lostShare({ here, control }: Beside): number {
  return Math.max(0, correctShare(control) - correctShare(here));
}
