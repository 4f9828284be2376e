import { isUsedFor, kindByName } from '../../plan/kinds/kinds.ts';
import { readThreshold, type Threshold } from '../../scenario/schema/threshold.ts';
import { faultTrialsOf } from '../faults/fault-trials.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';
import { variantsOf } from '../patterns/pattern-result.ts';
import type { Coded } from '../coded.ts';
import {
  cellValue,
  type FigureUnknown,
  thresholdFigureOf,
  type ThresholdFound,
  type ThresholdMissing,
} from './figure.ts';
import { recoveryOf } from './recovery.ts';

/** Result of one threshold on one pattern. */
export interface ThresholdResult {
  readonly threshold: Threshold;
  readonly pattern: PatternRecord;
  /** Title of its variant; null: the scenario without a variant. */
  readonly variant: string | null;
  /** Title of its case of faults; null = none. */
  readonly case: string | null;
  readonly state: 'met' | 'missed' | 'unknown';
  /** The figure; null where it is unknown. */
  readonly found: (ThresholdFound & { readonly value: number | null }) | null;
  /** Why there is no figure; null where there is one. */
  readonly reason: ThresholdUnknown | null;
  /** Trials that are not valid and were not used; null where there are none, or there is no figure. */
  readonly excluded: ExcludedTrials | null;
}

export type ThresholdUnknown =
  | FigureUnknown
  | { readonly code: 'no-valid-trial'; readonly verdicts: readonly MeasurementVerdict[] }
  | Coded<'pattern-not-run' | 'no-trial-finished'>;

export interface ExcludedTrials {
  readonly count: number;
  readonly of: number;
  readonly verdicts: readonly MeasurementVerdict[];
}

type MeasurementVerdict = Trial['validity']['verdict'];

/** Evaluates every threshold of the scenario on each pattern, variant and case in its scope. */
export function evaluateThresholds(result: Result): ThresholdResult[] {
  return result.scenario.thresholds.map(readThreshold).flatMap((threshold) => {
    const all = threshold.figure === 'recovery' ? recoveryLines(result) : linesOf(result, threshold);
    const lines = all.filter((line) => isOf(line, threshold));
    const planned = lines.filter(({ isPlanned }) => isPlanned);
    return (planned.length > 0 ? planned : lines).map((line) => evaluate(threshold, line));
  });
}

/** A pattern under a variant, with the trials of a threshold, and how its figure is computed from the valid ones. */
interface ThresholdLine {
  readonly pattern: PatternRecord;
  readonly variant: { readonly id: string; readonly title: string } | null;
  readonly case: { readonly id: string; readonly title: string } | null;
  readonly trials: readonly Trial[];
  /** False where a case on a broker does not apply to the pattern: nothing is then missing. */
  readonly isPlanned: boolean;
  readonly find: (valid: readonly Trial[]) => ThresholdFound | ThresholdMissing;
}

/** Whether all ids of a scope are the entry's. */
function isOf(line: ThresholdLine, { scope }: Threshold): boolean {
  const ids = [line.pattern.id, line.variant?.id, line.case?.id];
  return scope.every((id) => ids.includes(id));
}

function linesOf(result: Result, threshold: Threshold): ThresholdLine[] {
  const variants = variantsOf(result);
  const of = result.scenario.cases.find(({ id }) => threshold.scope.includes(id)) ?? null;
  const isOfFigure = kindsOf(result, threshold, of !== null);
  return result.patterns.flatMap((pattern) =>
    (variants.length === 0 ? [null] : variants).map((variant): ThresholdLine => {
      const isHere = (one: Pick<Trial, 'pattern' | 'variant' | 'case'>) =>
        one.pattern === pattern.id &&
        // Only latency trials run once for each variant.
        (variant === null || one.variant === null || one.variant === variant.id) &&
        (of === null || one.case === of.id);
      return {
        pattern,
        variant,
        case: of,
        trials: result.trials.filter((trial) => isHere(trial) && isOfFigure(trial.kind)),
        isPlanned: of === null || pattern.state === 'not-run' || result.design.order.some(isHere),
        find: (trials) => thresholdFigureOf({ threshold, pattern, trials }),
      };
    }),
  );
}

/**
 * Trials by which a figure is evaluated. Times, rates and shares take trials without a fault, unless a case is named.
 * Exact counts take all trials but those whose times are no results.
 */
function kindsOf(
  { design: { order } }: Result,
  { figure }: Threshold,
  isOfCase: boolean,
): (kind: string) => boolean {
  if (isOfCase) return (kind) => isUsedFor(kind, 'fault');
  if (IS_EXACT.includes(figure)) return (kind) => kindByName(kind).isTimed;
  const use = order.some(({ kind }) => isUsedFor(kind, 'latency')) ? 'latency' : 'control';
  return (kind) => isUsedFor(kind, use);
}

const IS_EXACT: readonly Threshold['figure'][] = [
  'lost',
  'duplicates',
  'phantom',
  'out-of-order',
  'dead-lettered',
];

function recoveryLines(result: Result): ThresholdLine[] {
  return faultTrialsOf(result).map((line) => ({
    ...line,
    isPlanned: true,
    find: (trials) => recoveryOf({ ...line, trials }, result.scenario),
  }));
}

function evaluate(threshold: Threshold, line: ThresholdLine): ThresholdResult {
  const { pattern } = line;
  const about = { threshold, pattern, variant: line.variant?.title ?? null, case: line.case?.title ?? null };
  const unknown = (reason: ThresholdUnknown): ThresholdResult => {
    return { ...about, state: 'unknown', found: null, reason, excluded: null };
  };
  if (pattern.state === 'not-run') return unknown({ code: 'pattern-not-run' });
  const done = line.trials.filter(({ state }) => state === 'done');
  const valid = done.filter(({ validity }) => validity.verdict === 'valid');
  const others = done.filter(({ validity }) => validity.verdict !== 'valid');
  if (done.length === 0) return unknown({ code: 'no-trial-finished' });
  if (valid.length === 0) return unknown({ code: 'no-valid-trial', verdicts: verdictsOf(others) });
  const found = line.find(valid);
  if ('reason' in found) return unknown(found.reason);
  return {
    ...about,
    state: stateOf(found, threshold),
    found: { ...found, value: cellValue(found) },
    reason: null,
    excluded:
      others.length === 0 ? null : { count: others.length, of: done.length, verdicts: verdictsOf(others) },
  };
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
