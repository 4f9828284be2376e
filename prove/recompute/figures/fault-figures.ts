import type { StoredRecord, StoredTrial } from '../pages/stored.ts';
import { amplification, leafOf } from './edges.ts';
import { type FaultLine, faultLines, phasesFromFault } from './faults.ts';
import { recoveryNs } from './health.ts';
import { addUp, lowerMedian, plannedIn } from './patterns.ts';
import { type Requests, requestsInFault } from './requests.ts';
import { sumOf } from './student.ts';

/** What faults did to single trials, for tables that compare trials with each other. */

export type Success = 'correct' | 'doneInTime';

/** Share of the calls due from the first fault to the end of the load; undefined: none was due. */
export function successFromFault(trial: StoredTrial, of: Success): number | undefined {
  const phases = phasesFromFault(trial);
  const planned = plannedIn(phases);
  return planned === 0 ? undefined : addUp(phases, (phase) => phase[of]) / planned;
}

/** Each finished trial of a pattern by itself, with its controls. */
export function singleLines(
  record: StoredRecord,
  pattern: string,
  trials: readonly StoredTrial[],
): FaultLine[] {
  const order = trials.map(({ kind, variant = null, case: of = null, pattern: id }) => {
    return { pattern: id, kind, variant, case: of };
  });
  const lines = faultLines({ ...record, design: { order }, trials });
  return lines
    .filter((line) => line.pattern.id === pattern)
    .flatMap((line) => line.trials.map((trial) => ({ ...line, trials: [trial] })));
}

export function roundOf({ trials }: FaultLine): number {
  return trials[0]!.round;
}

type FigureOf = (line: FaultLine) => number | undefined;

export const FIGURES: Readonly<Record<'success' | 'goodput' | 'amplification' | 'wasted', FigureOf>> = {
  success: (line) => ofDue(line, ({ planned }) => planned),
  goodput: (line) => ofDue(line, ({ seconds }) => seconds),
  amplification: (line) => amplification(leafOf(line)?.phases ?? []) ?? undefined,
  wasted: wastedShare,
};

function ofDue(line: FaultLine, of: (requests: Requests) => number): number | undefined {
  const { here } = requestsInFault(line);
  return of(here) === 0 ? undefined : here.correct / of(here);
}

/** Of the executions of all services, from the fault on. */
function wastedShare({ trials }: FaultLine): number | undefined {
  const phases = trials.flatMap((trial) => {
    const names = phasesFromFault(trial).map(({ name }) => name);
    const services = trial.hops?.services ?? [];
    return services.flatMap((one) => one.phases.filter(({ name }) => names.includes(name)));
  });
  const executions = addUp(phases, (phase) => phase.executions);
  return executions === 0 ? undefined : 1 - addUp(phases, ({ useful }) => useful) / executions;
}

export function meanOver(lines: readonly FaultLine[], of: FigureOf): number | undefined {
  const values = lines.flatMap((line) => of(line) ?? []);
  return values.length === 0 ? undefined : sumOf(values) / values.length;
}

/** Infinite: not while it was watched. Of trials whose recovery is known. */
export function recoveriesNs(lines: readonly FaultLine[]): number[] {
  return lines.flatMap((line) => recoveryNs(line) ?? []);
}

/** Undefined where half of them did not recover, or none is known. */
export function medianRecoveryNs(lines: readonly FaultLine[]): number | undefined {
  const ns = lowerMedian(recoveriesNs(lines));
  return ns === Infinity ? undefined : ns;
}
