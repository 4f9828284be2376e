import { NS_PER_MS } from '../../kernel/clock.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Coupling } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import { type CouplingCounts, couplingCountsOf, type OutageKind } from './found-coupling.ts';
import { type KnownQuantile, knownQuantile } from './known-quantile.ts';
import { isFaultObserved, outagePhases, plannedOf, type PatternResult } from './pattern-result.ts';

/** Outcomes of the calls of an outage, all its trials together, valid or not. */
export interface OutageSeen {
  readonly counts: CouplingCounts;
  readonly verdicts: readonly Coupling['verdict'][];
  /** The fault was observed in every trial. */
  readonly isObserved: boolean;
  readonly completion: OutageCompletion | null;
}

/** Completion time at the highest quantile that may be shown. */
interface OutageCompletion {
  readonly known: KnownQuantile;
  readonly done: number;
  readonly planned: number;
}

export function outageSeen(pattern: PatternResult, kind: OutageKind): OutageSeen {
  const trials = pattern.trials[kind];
  const found = trials.flatMap((trial) => trial.coupling ?? []);
  return {
    counts: couplingCountsOf(found),
    verdicts: [...new Set(found.map(({ verdict }) => verdict))],
    isObserved: trials.every(isFaultObserved),
    completion: completionOf(trials),
  };
}

function completionOf(trials: readonly Trial[]): OutageCompletion | null {
  const phases = outagePhases(trials);
  if (phases.length === 0) return null;
  const series = mergeSeries(phases.map(({ completion }) => completion));
  const known = knownQuantile(series);
  return known ? { known, done: series.count, planned: plannedOf(phases) } : null;
}

/** From the observed end of the process until it was ready again, for each fault with both observed. */
export function downtimesMs(trials: readonly Trial[]): number[] {
  return trials
    .flatMap(({ faults }) => faults)
    .flatMap(({ observedNs, readyNs }) =>
      observedNs === null || readyNs === null ? [] : [(readyNs - observedNs) / NS_PER_MS],
    );
}

/**
 * The longest downtime in ms in which calls were due, where the load ended before the process was there again: shares are
 * of these calls alone. Null where it did not.
 */
export function loadedDowntimeMs(trials: readonly Trial[]): number | null {
  const cut = trials.filter(({ phases }) => {
    const outage = phases.find(({ name }) => name === 'outage');
    return outage !== undefined && outage.toNs >= phases.at(-1)!.toNs;
  });
  const spans = outagePhases(cut).map(({ fromNs, toNs }) => (toNs - fromNs) / NS_PER_MS);
  return spans.length === 0 ? null : Math.max(...spans);
}
