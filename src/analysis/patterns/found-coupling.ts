import { isUsedFor } from '../../plan/kinds/kinds.ts';
import type { Coupling } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import { isCountable } from './countable.ts';
import { isFaultObserved, outagePhases, type PatternResult } from './pattern-result.ts';

/** The part that was taken down: the service, or the broker. */
export type OutageKind = 'serviceOutage' | 'brokerOutage';
/** The use of a trial kind by which each is found. */
export const OUTAGE_USES = { serviceOutage: 'service-coupling', brokerOutage: 'broker-coupling' } as const;

/** Why the coupling of a pattern is not known. */
export type CouplingUnknown =
  | { readonly code: 'outage-not-valid'; readonly verdict: Trial['validity']['verdict'] }
  | Coded<
      | 'pattern-not-run'
      | 'target-never-away'
      | 'outage-failed'
      | 'nothing-taken-away'
      | 'outage-not-seen'
      | 'no-call-in-outage'
      | 'trials-differ'
    >;

export type FoundCoupling =
  | { readonly state: 'known'; readonly coupling: Coupling }
  | { readonly state: 'unknown'; readonly reason: CouplingUnknown };

/** Result of all trials of an outage, where they are valid and agree. */
export function foundCoupling(pattern: PatternResult, kind: OutageKind): FoundCoupling {
  const trials = pattern.trials[kind];
  const all = trials.flatMap((trial) => trial.coupling ?? []);
  const [first] = all;
  const reason = whyUnbelieved(pattern, kind) ?? whyUnknown(all);
  return reason || !first
    ? { state: 'unknown', reason: reason ?? { code: 'no-call-in-outage' } }
    : { state: 'known', coupling: { ...couplingCountsOf(all), verdict: first.verdict } };
}

function whyUnbelieved(pattern: PatternResult, kind: OutageKind): CouplingUnknown | undefined {
  const {
    record,
    trials: { failed },
    deadlineMs,
  } = pattern;
  const trials = pattern.trials[kind];
  if (record.state === 'not-run') return { code: 'pattern-not-run' };
  if (record.target !== null) return { code: 'target-never-away' };
  if (failed.some((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]))) return { code: 'outage-failed' };
  if (trials.length === 0) return { code: 'nothing-taken-away' };
  const bad = trials.find((trial) => !isCountable(trial, deadlineMs, outagePhases([trial])));
  if (bad) return { code: 'outage-not-valid', verdict: bad.validity.verdict };
  return trials.every(isFaultObserved) ? undefined : { code: 'outage-not-seen' };
}

function whyUnknown(all: readonly Coupling[]): CouplingUnknown | undefined {
  if (all.length === 0) return { code: 'no-call-in-outage' };
  return all.some((one) => one.verdict !== all[0]!.verdict) ? { code: 'trials-differ' } : undefined;
}

export type CouplingCounts = Omit<Coupling, 'verdict'>;

export function couplingCountsOf(all: readonly CouplingCounts[]): CouplingCounts {
  const sum = (pick: (one: CouplingCounts) => number) => all.reduce((n, one) => n + pick(one), 0);
  return {
    intended: sum((c) => c.intended),
    served: sum((c) => c.served),
    finallyDone: sum((c) => c.finallyDone),
  };
}

/** Shares of the calls intended during the outage. */
export interface CouplingShares {
  readonly served: number;
  readonly done: number;
  /** Without a reply path, a call is served when the broker accepts it (DESIGN 4). */
  readonly as: 'served' | 'accepted';
}

/** Counts of all trials, valid or not; null where there were none. */
export function sharesOf(pattern: PatternResult, kind: OutageKind): CouplingShares | null {
  const { intended, served, finallyDone } = couplingCountsOf(
    pattern.trials[kind].flatMap((trial) => trial.coupling ?? []),
  );
  return intended === 0
    ? null
    : { served: served / intended, done: finallyDone / intended, as: servedWord(pattern) };
}

export function servedWord({ waitsFor }: PatternResult): CouplingShares['as'] {
  return waitsFor === 'reply' ? 'served' : 'accepted';
}
