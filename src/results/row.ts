import type { Series } from '../measure/figures.ts';
import { mergeSeries } from '../measure/histogram.ts';
import type { PatternRecord, Result, Trial } from './record.ts';

/** One row of the report: all trials of a pattern, by kind, and their merged latencies. */
export interface ResultRow {
  readonly pattern: PatternRecord;
  /** What ends the caller's wait: the callee's reply, or the broker's confirm before the work is done. */
  readonly waitsFor: 'reply' | 'confirm';
  readonly latency: readonly Trial[];
  readonly outage: readonly Trial[];
  readonly floor: readonly Trial[];
  readonly failed: readonly Trial[];
  /** Of the latency trials; one series per round, for the spread. */
  readonly response: RoundedSeries;
  readonly completion: RoundedSeries;
}

export interface RoundedSeries {
  /** Calls of these rounds, those that are in no series included. */
  readonly planned: number;
  readonly merged: Series | null;
  readonly rounds: readonly Series[];
}

export function rowsOf(result: Result): ResultRow[] {
  return result.patterns.map((pattern) =>
    rowOf(
      pattern,
      result.trials.filter((t) => t.pattern === pattern.id),
    ),
  );
}

function rowOf(pattern: PatternRecord, trials: readonly Trial[]): ResultRow {
  const done = (kind: Trial['kind']) => trials.filter((t) => t.kind === kind && t.state === 'done');
  const latency = done('latency');
  const known = latency.filter((t) => t.evidence === 'effect-log');
  return {
    pattern,
    waitsFor:
      pattern.interaction === 'request-reply' || pattern.interaction === 'server-stream'
        ? 'reply'
        : 'confirm',
    latency,
    outage: done('outage'),
    floor: done('null'),
    failed: trials.filter((t) => t.state === 'failed'),
    response: overRounds(latency, 'response'),
    completion: overRounds(known, 'completion'),
  };
}

function overRounds(trials: readonly Trial[], kind: 'response' | 'completion'): RoundedSeries {
  const rounds = trials.flatMap((trial) => {
    const phases = trial.phases.map((phase) => phase[kind]);
    return phases.length === 0 ? [] : [mergeSeries(phases)];
  });
  const planned = plannedOf(trials.flatMap((trial) => trial.phases));
  return { planned, merged: rounds.length === 0 ? null : mergeSeries(rounds), rounds };
}

export function plannedOf(phases: Trial['phases']): number {
  return phases.reduce((n, phase) => n + phase.planned, 0);
}

/** The phase in which the callee was away, of every outage trial. */
export function outagePhases(row: ResultRow): Trial['phases'] {
  return row.outage.flatMap((trial) => trial.phases.filter((phase) => phase.name === 'outage'));
}

/** Its measurement can be relied on in every trial of that kind. */
export function isValid(trials: readonly Trial[]): boolean {
  return trials.length > 0 && trials.every((t) => t.measurement.verdict === 'valid');
}

/** Dispatch lag is too large at this quantile in at least one round. */
export function isMarked(trials: readonly Trial[], quantile: number): boolean {
  return trials.some((t) => t.measurement.boundQuantiles.includes(quantile));
}

/** Every planned fault was injected, and its effect on the process observed. */
export function isFaultSeen({ faults }: Trial): boolean {
  return faults.length > 0 && faults.every((fault) => fault.injectedNs !== null && fault.observedNs !== null);
}

/** The weakest of the rounds' ceilings, as acknowledged or (for queues) as done: null where none is known. */
export function ceilingPerS(row: ResultRow): number | null {
  const known = row.latency.flatMap(({ ceiling }) => {
    const both = [ceiling.acknowledgedPerS, ceiling.donePerS].filter((n) => n !== null);
    return both.length === 0 ? [] : [Math.min(...both)];
  });
  return known.length === 0 ? null : Math.min(...known);
}

/** Guarantees are the same promise, word for word: only then may rows be ranked. */
export function sameGuarantee(rows: readonly ResultRow[]): boolean {
  const promises = rows.map(({ pattern: { guarantee: g } }) =>
    [g.acknowledgedBy, g.durableAgainst, g.delivery, g.order].join('|'),
  );
  return new Set(promises).size <= 1;
}
