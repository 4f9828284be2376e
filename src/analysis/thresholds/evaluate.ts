import { readThreshold, type Threshold, type TrialsInScope } from '../../scenario/schema/threshold.ts';
import { isExactCount } from '../../scenario/schema/threshold-figures.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import {
  asBound,
  cellValue,
  type FigureUnknown,
  type ThresholdFound,
  type ThresholdMissing,
} from './figure.ts';
import { linesOf, type ThresholdLine } from './lines.ts';

/** Result of one threshold on one pattern. */
export interface ThresholdResult {
  readonly threshold: Threshold;
  readonly pattern: PatternRecord;
  /** Title of its variant; null: the scenario without a variant. */
  readonly variant: string | null;
  /** Title of its case of faults; null = none. */
  readonly case: string | null;
  readonly state: 'met' | 'missed' | 'unknown';
  /** Which trials of a scenario with faults; null: every one, or there are no faults. */
  readonly which: TrialsInScope | null;
  /** The figure; null where there is none. It may be known, and not suffice for an evaluation. */
  readonly found: (ThresholdFound & { readonly value: number | null }) | null;
  /** Why it could not be evaluated; null where it was, or where only the figure's bounds leave it open. */
  readonly reason: ThresholdUnknown | null;
  /** Trials that are not valid; null where there are none, or none mattered. */
  readonly notValid: TrialsNotValid | null;
}

export type ThresholdUnknown =
  | FigureUnknown
  | { readonly code: 'no-valid-trial'; readonly verdicts: readonly MeasurementVerdict[] }
  | Coded<'pattern-not-run' | 'no-trial-finished'>;

export interface TrialsNotValid {
  readonly count: number;
  readonly of: number;
  readonly verdicts: readonly MeasurementVerdict[];
  /** worse: they are in the figure, which they can only have made worse. no-cause: noise does not cause what was missed. */
  readonly use: 'excluded' | 'worse' | 'no-cause';
}

type MeasurementVerdict = Trial['validity']['verdict'];

/** Evaluates every threshold of the scenario on each pattern, variant and case in its scope. */
export function evaluateThresholds(result: Result): ThresholdResult[] {
  return result.scenario.thresholds
    .map(readThreshold)
    .flatMap((threshold) => linesOf(result, threshold).map((line) => evaluate(threshold, line)));
}

/** Thresholds on what this run has not: a pattern that `--patterns` leaves out. They say nothing, met or missed. */
export function thresholdsOutside(result: Result): Threshold[] {
  return result.scenario.thresholds
    .map(readThreshold)
    .filter((threshold) => linesOf(result, threshold).length === 0);
}

type Evaluation = Pick<ThresholdResult, 'state' | 'found' | 'reason' | 'notValid'>;

function evaluate(threshold: Threshold, line: ThresholdLine): ThresholdResult {
  const { pattern, which } = line;
  const about = {
    threshold,
    pattern,
    which,
    variant: line.variant?.title ?? null,
    case: line.case?.title ?? null,
  };
  if (pattern.state === 'not-run') return { ...about, ...without({ code: 'pattern-not-run' }) };
  const done = line.trials.filter(({ state }) => state === 'done');
  if (done.length === 0) return { ...about, ...without({ code: 'no-trial-finished' }) };
  return { ...about, ...evaluateOn(done, { threshold, find: line.find }) };
}

interface Asked {
  readonly threshold: Threshold;
  readonly find: ThresholdLine['find'];
}

/**
 * Noise makes a figure worse, never better: a limit that is kept in spite of it is kept, and one that is missed by what
 * noise does not cause is missed. What remains is evaluated on valid trials, if there are any.
 */
function evaluateOn(done: readonly Trial[], { threshold, find }: Asked): Evaluation {
  const complete = done.filter(isComplete);
  if (complete.length === 0) return without({ code: 'no-valid-trial', verdicts: verdictsOf(done) });
  const valid = done.filter(isValidTrial);
  if (isExactCount(threshold.figure) || valid.length === complete.length) {
    return evaluation(threshold, find(complete), notValidIn(done, isComplete, 'excluded'));
  }
  const inNoise = evaluation(
    threshold,
    asBound(find(complete), threshold),
    notValidIn(done, isValidTrial, 'worse'),
  );
  if (inNoise.state === 'met') return inNoise;
  if (inNoise.state === 'missed') return { ...inNoise, notValid: notValidIn(done, isValidTrial, 'no-cause') };
  if (valid.length > 0) return evaluation(threshold, find(valid), notValidIn(done, isValidTrial, 'excluded'));
  return { ...inNoise, reason: { code: 'no-valid-trial', verdicts: verdictsOf(done) }, notValid: null };
}

function evaluation(
  threshold: Threshold,
  found: ThresholdFound | ThresholdMissing,
  notValid: TrialsNotValid | null,
): Evaluation {
  if ('reason' in found) return without(found.reason);
  const state = stateOf(found, threshold);
  const reason = state === 'unknown' ? (found.whyBound ?? null) : null;
  return { state, found: { ...found, value: cellValue(found) }, reason, notValid };
}

function without(reason: ThresholdUnknown): Evaluation {
  return { state: 'unknown', found: null, reason, notValid: null };
}

/** The trials that do not qualify, and what became of them; null where there are none. */
function notValidIn(
  done: readonly Trial[],
  qualifies: (trial: Trial) => boolean,
  use: TrialsNotValid['use'],
): TrialsNotValid | null {
  const others = done.filter((trial) => !qualifies(trial));
  return others.length === 0
    ? null
    : { count: others.length, of: done.length, verdicts: verdictsOf(others), use };
}

function isValidTrial({ validity }: Trial): boolean {
  return validity.verdict === 'valid';
}

function isComplete({ validity }: Trial): boolean {
  return validity.verdict !== 'incomplete';
}

function verdictsOf(trials: readonly Trial[]): MeasurementVerdict[] {
  return [...new Set(trials.map(({ validity }) => validity.verdict))];
}

/** Both bounds of the figure must agree. */
function stateOf({ low, high }: ThresholdFound, threshold: Threshold): ThresholdResult['state'] {
  const [atLow, atHigh] = [low, high].map((value) => holds(value, threshold));
  return atLow !== atHigh ? 'unknown' : atLow ? 'met' : 'missed';
}

function holds(value: number, { comparator, limit }: Threshold): boolean {
  switch (comparator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
  }
}
