import { NS_PER_MS } from '../../kernel/clock.ts';
import { median } from '../../measure/stats/median.ts';
import { meanInterval } from '../../measure/stats/ratio.ts';
import type { Result, Trial } from '../../record/record.ts';
import { amplification, wastedShare } from '../faults/edge-totals.ts';
import { type FaultComparison, faultComparisonOf } from '../faults/fault-comparison.ts';
import { type FaultTrials, faultTrialsOf } from '../faults/fault-trials.ts';
import { timelineStageOf } from '../faults/stages.ts';
import type { Described, MeanDifference } from './comparison.ts';
import { isFaulted, type MatchedPattern, type PatternSide } from './matched-patterns.ts';

/** A success of a pattern: a correct reply, or the work done in time behind a broker. */
export type ShareKind = 'correct' | 'doneInTime';

/**
 * Share of the calls due from the first fault to the end of the load that succeeded. Faults are planned, so that both
 * sides of a pair have the same calls.
 * @returns null where none was due
 */
export function successFromFault(trial: Trial, kind: ShareKind): number | null {
  const phases = trial.phases.filter((phase) => timelineStageOf(trial, phase) !== 'before');
  const planned = phases.reduce((sum, phase) => sum + phase.planned, 0);
  return planned === 0 ? null : phases.reduce((sum, phase) => sum + phase[kind], 0) / planned;
}

export interface FaultFigure {
  readonly figure: Described['figure'];
  readonly unit: Described['unit'];
  /** Of one or several trials. */
  readonly of: (seen: FaultComparison) => number | null;
}

/** What the faults of one or several trials did. */
export const FAULT_FIGURES: readonly FaultFigure[] = [
  { figure: 'success-in-fault', unit: 'share', of: ({ harm: { here } }) => per(here.correct, here.planned) },
  { figure: 'goodput-in-fault', unit: 'perS', of: ({ harm: { here } }) => per(here.correct, here.seconds) },
  {
    figure: 'amplification',
    unit: 'factor',
    of: ({ work: { leaf } }) => (leaf ? amplification(leaf.seen) : null),
  },
  { figure: 'wasted-work', unit: 'share', of: ({ work: { fromFault } }) => wastedShare(fromFault) },
];

/** What the faults did, of an interleaved comparison of trials with faults: its sides, and the difference by pairs. */
export function describeFaults(line: MatchedPattern): Described[] {
  const [baseline, candidate] = [line.baseline, line.candidate].map(trialByTrial) as [
    SeenFaults[],
    SeenFaults[],
  ];
  if (baseline.length === 0 && candidate.length === 0) return [];
  const figures = FAULT_FIGURES.map(({ figure, unit, of }): Described => {
    const [a, b] = [valuesOf(baseline, of), valuesOf(candidate, of)];
    return {
      figure,
      unit,
      baseline: meanOf([...a.values()]),
      candidate: meanOf([...b.values()]),
      difference: differenceOf(a, b),
    };
  });
  return [...figures, ...recoveries(baseline, candidate)].filter(
    (one) => one.baseline !== null || one.candidate !== null,
  );
}

/** One finished trial with what its faults did. */
export interface SeenFaults {
  readonly round: number;
  readonly faults: FaultComparison;
}

function trialByTrial(sides: readonly PatternSide[]): SeenFaults[] {
  return sides.filter(isFaulted).flatMap(({ result, pattern }) => faultsByTrial(result, pattern.record.id));
}

/** Every finished trial with faults of a pattern by itself. */
export function faultsByTrial(result: Result, patternId: string): SeenFaults[] {
  return faultTrialsOf(result)
    .filter(({ pattern }) => pattern.id === patternId)
    .flatMap((line) =>
      line.trials.map((trial) => ({
        round: trial.round,
        faults: faultComparisonOf(only(line, trial), result.scenario),
      })),
    );
}

function only(line: FaultTrials, trial: Trial): FaultTrials {
  return { ...line, trials: [trial] };
}

/** Value by round. */
type Values = ReadonlyMap<number, number>;

function valuesOf(seen: readonly SeenFaults[], of: (faults: FaultComparison) => number | null): Values {
  const known = seen.flatMap(({ round, faults }) => {
    const value = of(faults);
    return value === null ? [] : [[round, value] as const];
  });
  return new Map(known);
}

/** Confidence of a difference that is shown and decides nothing. */
const LEVEL = 0.95;

function differenceOf(baseline: Values, candidate: Values): MeanDifference | null {
  const differences = [...baseline].flatMap(([round, value]) => {
    const beside = candidate.get(round);
    return beside === undefined ? [] : [beside - value];
  });
  const found = meanInterval(differences, LEVEL);
  if (!found) return null;
  const { mean, low, high } = found;
  return { pairs: differences.length, mean, low, high, level: LEVEL };
}

/** Median time to recover, of which a trial that did not recover is longer than any; and how many did not. */
function recoveries(baseline: readonly SeenFaults[], candidate: readonly SeenFaults[]): Described[] {
  const [a, b] = [baseline, candidate].map((seen) => seen.flatMap(recoveryMs)) as [number[], number[]];
  const missed = (all: readonly number[]) =>
    all.length === 0 ? null : all.filter((ms) => ms === Infinity).length;
  return [
    { figure: 'recovery', unit: 'ms', baseline: finiteMedian(a), candidate: finiteMedian(b) },
    { figure: 'not-recovered', unit: 'count', baseline: missed(a), candidate: missed(b) },
  ];
}

/** Infinity: not while it was watched. Empty: unknown. */
export function recoveryMs({ faults }: SeenFaults): number[] {
  const recovery = faults.health.ending?.recovery;
  if (!recovery || recovery.state === 'unjudged') return [];
  if (recovery.state === 'never-harmed') return [0];
  return [recovery.state === 'recovered' ? recovery.afterNs / NS_PER_MS : Infinity];
}

/** Null where it is not finite, or unknown. */
export function finiteMedian(values: readonly number[]): number | null {
  const middle = median(values);
  return Number.isFinite(middle) ? middle : null;
}

/** Null of none. */
export function meanOf(values: readonly number[]): number | null {
  const sum = values.reduce((all, value) => all + value, 0);
  return per(sum, values.length);
}

function per(count: number, of: number): number | null {
  return of === 0 ? null : count / of;
}
