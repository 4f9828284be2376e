import { isUsedFor } from '../../plan/kinds/kinds.ts';
import type { Coupling } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import { isCountable } from './countable.ts';
import { isFaultSeen, outagePhases, type ResultRow } from './row.ts';

/** What was taken away: the callee, or the broker in the middle. */
export type OutageKind = 'outage' | 'middle';
/** The trials that each is found by. */
export const OUTAGE_USES = { outage: 'service-coupling', middle: 'broker-coupling' } as const;

/** Why the coupling of a pattern is not known. */
export type CouplingUnknown =
  | { readonly code: 'outage-not-valid'; readonly verdict: Trial['measurement']['verdict'] }
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

/** What the trials of a fault say together, where they may be believed and agree. */
export function foundCoupling(row: ResultRow, kind: OutageKind): FoundCoupling {
  const trials = row[kind];
  const all = trials.flatMap((trial) => trial.coupling ?? []);
  const [first] = all;
  const reason = whyUnbelieved(row, kind) ?? whyUnknown(all);
  return reason || !first
    ? { state: 'unknown', reason: reason ?? { code: 'no-call-in-outage' } }
    : { state: 'known', coupling: { ...countsOf(all), verdict: first.verdict } };
}

function whyUnbelieved(row: ResultRow, kind: OutageKind): CouplingUnknown | undefined {
  const { pattern, failed, deadlineMs } = row;
  const trials = row[kind];
  if (pattern.state === 'not-run') return { code: 'pattern-not-run' };
  if (pattern.target !== null) return { code: 'target-never-away' };
  if (failed.some((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]))) return { code: 'outage-failed' };
  if (trials.length === 0) return { code: 'nothing-taken-away' };
  const bad = trials.find((trial) => !isCountable(trial, deadlineMs, outagePhases([trial])));
  if (bad) return { code: 'outage-not-valid', verdict: bad.measurement.verdict };
  return trials.every(isFaultSeen) ? undefined : { code: 'outage-not-seen' };
}

function whyUnknown(all: readonly Coupling[]): CouplingUnknown | undefined {
  if (all.length === 0) return { code: 'no-call-in-outage' };
  return all.some((one) => one.verdict !== all[0]!.verdict) ? { code: 'trials-differ' } : undefined;
}

export type CouplingCounts = Omit<Coupling, 'verdict'>;

export function countsOf(all: readonly CouplingCounts[]): CouplingCounts {
  const sum = (pick: (one: CouplingCounts) => number) => all.reduce((n, one) => n + pick(one), 0);
  return {
    intended: sum((c) => c.intended),
    served: sum((c) => c.served),
    finallyDone: sum((c) => c.finallyDone),
  };
}

/** Of the calls intended while something was away. */
export interface CouplingShares {
  readonly served: number;
  readonly done: number;
  /** DESIGN 4: without a reply path, a call is served when the broker accepts it. */
  readonly as: 'served' | 'accepted';
}

/** What was counted, whether it may be believed or not; null where nothing was. */
export function sharesOf(row: ResultRow, kind: OutageKind): CouplingShares | null {
  const { intended, served, finallyDone } = countsOf(row[kind].flatMap((trial) => trial.coupling ?? []));
  return intended === 0
    ? null
    : { served: served / intended, done: finallyDone / intended, as: servedWord(row) };
}

export function servedWord({ waitsFor }: ResultRow): CouplingShares['as'] {
  return waitsFor === 'reply' ? 'served' : 'accepted';
}
