import { quantileCell } from '../../src/measure/figures/percentile.ts';
import {
  amplification,
  leafOf,
  edgeTotalsInto,
  wastedShare,
  workTotals,
} from '../../src/analysis/faults/edge-totals.ts';
import { hopsOf } from '../../src/analysis/faults/fault-trials.ts';
import { correctShare, lostShare, phaseRequests } from '../../src/analysis/faults/requests.ts';
import { timelineStageOf } from '../../src/analysis/faults/stages.ts';
import type { Trial } from '../../src/record/record.ts';
import { type At, holds, ofRun, order, type Outcome, type Seen, word } from './outcome.ts';

/** The outcomes that several scenarios have, each from the same figures that a report prints (DESIGN 5). */

/** Of those who depend on what is harmed, of whom the last counts. */
export type End =
  | 'never-harmed'
  | 'recovered'
  | 'not-recovered'
  /** And not before load was shed. */
  | 'recovered, load shed';

export function ends(at: At, expected: End): Outcome {
  return word('ends', at, expected, ({ comparison }) => {
    const { ending } = comparison.health;
    if (!ending) return 'unknown';
    return ending.recovery.state + (ending.shed === null ? '' : ', load shed');
  });
}

/** How long until it is well again; longer than it was watched counts as for ever. */
export function orderOfRecovery(at: At, expected: string): Outcome {
  return order('time to recover', at, expected, ({ comparison }) => {
    const recovery = comparison.health.ending?.recovery;
    if (!recovery || recovery.state === 'unjudged') return null;
    if (recovery.state === 'never-harmed') return 0;
    return recovery.state === 'recovered' ? recovery.afterNs : Infinity;
  });
}

/** Share of the work due while the fault lasts that is finally done. */
export function doneInFault({ comparison }: Seen): number {
  const { done, planned } = comparison.harm.here;
  return done / planned;
}

/** Endpoints harmed against the control, of those that have a part in what is harmed, and of the others. */
export function harms(at: At, expected: { dependent?: string; independent?: string }): Outcome[] {
  return (['dependent', 'independent'] as const).flatMap((which) => {
    const wanted = expected[which];
    if (wanted === undefined) return [];
    return word(`${which} endpoints harmed`, at, wanted, ({ comparison }) => {
      const harm = comparison.health.blast?.[which];
      return harm ? `${harm.harmed} of ${harm.of}` : 'unknown';
    });
  });
}

/** Accepted and never done, at any service, in any trial; what a broker dead-lettered is not done either. */
export const LOST_NOTHING: Outcome = ofRun('accepted and never done', 'none', ({ trials }) => {
  const ledgers = trials.flatMap((trial) => trial.ledgers);
  const lost = ledgers.reduce((n, { lost: gone, accepted }) => n + gone + accepted.deadLettered, 0);
  return lost === 0 ? 'none' : 'some';
});

/** The same of one line, at any service. A call that a fallback answered is accepted, and never done by its service. */
export function loses(at: At, expected: 'none' | 'some'): Outcome {
  return word('accepted and never done', at, expected, ({ comparison }) => {
    const lost = comparison.work.ledgers.reduce((n, ledger) => n + ledger.lost + ledger.deadLettered, 0);
    return lost === 0 ? 'none' : 'some';
  });
}

export const COMPLETE: Outcome = ofRun('the run is', 'complete', ({ state }) => state);

/** Everything that a broker took for a service was worked off. */
export function drains(at: At): Outcome {
  return holds('the backlog is worked off', at, ({ comparison }) => {
    const backlogs = hopsOf(comparison.trials).flatMap(({ services }) =>
      services.flatMap(({ backlog }) => backlog ?? []),
    );
    return backlogs.length > 0 && backlogs.every(({ left, drainNs }) => left === 0 && drainNs !== null);
  });
}

/** Tries on the edges into the leaf, over those due if nothing fails, from the fault on. */
export function amplified({ comparison }: Seen): number | null {
  const sums = comparison.trials.map((trial) =>
    edgeTotalsInto(trial, trial.hops ? leafOf(trial.hops) : undefined, since(trial)),
  );
  const sum = (of: 'attempts' | 'expected') => sums.reduce((n, seen) => n + seen[of], 0);
  return amplification({ attempts: sum('attempts'), expected: sum('expected') });
}

/** Executions of a service that are no part of an answer in time, of all of them, from the fault on. */
export function wastedBy(service: string): (seen: Seen) => number | null {
  return ({ comparison: { trials } }) => {
    const work = trials.map((trial) =>
      workTotals(trial.hops?.services.filter(({ id }) => id === service) ?? [], since(trial)),
    );
    const sum = (of: 'executions' | 'useful') => work.reduce((n, seen) => n + seen[of], 0);
    return wastedShare({ executions: sum('executions'), useful: sum('useful') });
  };
}

function since(trial: Trial): string[] {
  return trial.phases.filter((phase) => timelineStageOf(trial, phase) !== 'before').map(({ name }) => name);
}

/** Correct answers that the control has and this has not, while the fault lasts. */
export function lostToFault({ comparison }: Seen): number {
  return lostShare(comparison.harm);
}

/** Of the arrivals after the fault. */
export function correctAfter({ comparison }: Seen): number {
  return correctShare(phaseRequests(comparison, 'recovery').here);
}

/**
 * How long callers wait while the fault lasts, or how long it takes until the work is done; null: too few calls to tell.
 */
export function takes(of: 'response' | 'completion', quantile: number): (seen: Seen) => number | null {
  return ({ comparison }) => {
    const series = comparison.harm.here[of];
    const cell = series && quantileCell(series, quantile);
    return cell?.state === 'known' ? cell.valueUs : null;
  };
}

/** Of what was accepted at the last service: never done, or dead-lettered by the broker. */
export function fateOfAccepted({ comparison }: Seen) {
  const ledger = comparison.work.ledgers.at(-1);
  return {
    lostShare: ledger && ledger.accepted > 0 ? ledger.lost / ledger.accepted : NaN,
    deadLettered: ledger?.deadLettered ?? NaN,
  };
}

export function duplicatesAt(at: At, service: string, expected: 'none' | 'some'): Outcome {
  return word(`done twice at ${service}`, at, expected, ({ comparison }) => {
    const ledger = comparison.work.ledgers.find((one) => one.service === service);
    if (!ledger) return 'unknown';
    return ledger.duplicates === 0 ? 'none' : 'some';
  });
}

export function detects(at: At, expected: 'yes' | 'no'): Outcome {
  return word('detects the fault', at, expected, ({ comparison }) =>
    comparison.health.detectedNs === null ? 'no' : 'yes',
  );
}

export function opensFalsely(at: At, expected: 'no' | 'yes'): Outcome {
  return word('opens while nothing is wrong', at, expected, ({ comparison }) =>
    (comparison.health.falseOpens ?? 0) > 0 ? 'yes' : 'no',
  );
}
