import {
  type Harm,
  blastRadius,
  detection,
  falseOpens,
  recovery,
  type Recovery,
} from '../../measure/health.ts';
import type { Hops } from '../../measure/hop-figures.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { FaultRecord, Trial } from '../record.ts';
import { dependentOf, type FaultLine } from './fault-line.ts';
import { disturbancesOf, endNs, isShedding, spanOf } from './stages.ts';

/** How each disturbance of a trial ended, watched until the next one or the end of the load. */
export interface Ending {
  readonly faults: readonly FaultRecord[];
  readonly recovery: Recovery;
}

/** In order; empty where nothing is known of health. */
export function endingsOf(line: FaultLine, trial: Trial): Ending[] {
  const { hops } = trial;
  if (!hops) return [];
  const groups = disturbancesOf(trial);
  return groups.map((faults, i) => {
    const next = groups[i + 1];
    const until = next ? spanOf(next).fromNs : endNs(trial);
    const each = dependentOf(line, hops).map(({ windows }) => recovery(windows, spanOf(faults), until));
    return { faults, recovery: worstOf(each) };
  });
}

/** The last of them in what is told of it: recovered is who has recovered everywhere. */
function worstOf(all: readonly Recovery[]): Recovery {
  const longest = (state: 'recovered' | 'not-recovered') =>
    all.filter((one) => one.state === state).toSorted((a, b) => lengthNs(b) - lengthNs(a))[0];
  return longest('not-recovered') ?? longest('recovered') ?? { state: 'never-harmed' };
}

function lengthNs(one: Recovery): number {
  if (one.state === 'never-harmed') return 0;
  return one.state === 'recovered' ? one.afterNs : one.watchedNs;
}

/** What is told of a line as its end: the last ending of the round that ended worst. */
export function finalEnding(line: FaultLine): Ending | undefined {
  const last = line.trials.flatMap((trial) => endingsOf(line, trial).at(-1) ?? []);
  const worst = worstOf(last.map((ending) => ending.recovery));
  return last.find((ending) => ending.recovery === worst) ?? last[0];
}

/** A line that did not recover by itself, and was freed by less load: the ending before, and the one after. */
export function freedEnding(line: FaultLine, scenario: Scenario): readonly [Ending, Ending] | undefined {
  for (const trial of line.trials) {
    const endings = endingsOf(line, trial);
    const at = endings.findIndex(({ faults }) => faults.every((fault) => isShedding(fault, scenario)));
    const [before, after] = [endings[at - 1], endings[at]];
    if (before?.recovery.state === 'not-recovered' && after && after.recovery.state !== 'not-recovered')
      return [before, after];
  }
  return undefined;
}

/** The slowest of the rounds; null: there was no protective act in one of them. */
export function detectedNs({ trials }: FaultLine, scenario: Scenario): number | null {
  const found = trials.map((trial) => {
    const faults = trial.faults.filter((fault) => !isShedding(fault, scenario));
    return trial.hops && faults.length > 0 ? detection(trial.hops, spanOf(faults)) : null;
  });
  return found.length === 0 || found.includes(null) ? null : Math.max(...found.map(Number));
}

/** Opens of breakers while nothing was the matter, controls included; null: there is no breaker, or it never opened. */
export function falseOpensOf({ trials, controls }: FaultLine): number | null {
  const all = [...trials, ...controls].filter(({ hops }) => hops !== null);
  if (all.every(({ hops }) => hops!.transitions.length === 0)) return null;
  return all.reduce((n, trial) => {
    return n + falseOpens(trial.hops!.transitions, disturbancesOf(trial).map(spanOf));
  }, 0);
}

/** Endpoints harmed from the fault's begin until the load's end, of the round in which they were most. */
export function blastOf(line: FaultLine): { independent: Harm; dependent: Harm } | undefined {
  const { trials, controls, isDependent } = line;
  const apart = ({ endpoints }: Hops) =>
    endpoints.map((endpoint) => ({ ...endpoint, isDependent: isDependent(endpoint.operation) }));
  const found = trials.flatMap((trial) => {
    const control = controls.find(({ round }) => round === trial.round) ?? controls[0];
    if (!trial.hops || !control?.hops || trial.faults.length === 0) return [];
    const span = { fromNs: spanOf(trial.faults).fromNs, toNs: endNs(trial) };
    return [blastRadius(apart(trial.hops), apart(control.hops), span)];
  });
  return found.toSorted((a, b) => harmCount(b) - harmCount(a))[0];
}

function harmCount({ independent, dependent }: { independent: Harm; dependent: Harm }): number {
  return independent.harmed + dependent.harmed;
}
