import { isUsedFor, kindByName } from '../../plan/kinds/kinds.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { isExactCount } from '../../scenario/schema/threshold-figures.ts';
import { requestNamesOf } from '../../scenario/schema/target-requests.ts';
import {
  operationInScope,
  type Threshold,
  TRIALS_IN_SCOPE,
  type TrialsInScope,
} from '../../scenario/schema/threshold.ts';
import { faultTrialsOf } from '../faults/fault-trials.ts';
import { ofOperation } from '../operations/operation-results.ts';
import { variantsOf } from '../patterns/pattern-result.ts';
import { thresholdFigureOf, type ThresholdFound, type ThresholdMissing } from './figure.ts';
import { recoveryOf } from './recovery.ts';

interface Named {
  readonly id: string;
  readonly title: string;
}

/** A pattern under a variant in a case, with the trials of a threshold, and how its figure is computed from them. */
export interface ThresholdLine {
  readonly pattern: PatternRecord;
  readonly variant: Named | null;
  readonly case: Named | null;
  /** An operation, flow or step of its target; null: the whole mix. */
  readonly operation: string | null;
  /** Which trials of a scenario with faults; null: every one, or there are no faults. */
  readonly which: TrialsInScope | null;
  readonly trials: readonly Trial[];
  /** False where a case on a broker does not apply to the pattern: nothing is then missing. */
  readonly isPlanned: boolean;
  readonly find: (trials: readonly Trial[]) => ThresholdFound | ThresholdMissing;
}

/** Everything in a threshold's scope. */
export function linesOf(result: Result, threshold: Threshold): ThresholdLine[] {
  const all = threshold.figure === 'recovery' ? recoveryLines(result) : figureLines(result, threshold);
  const lines = all.filter((line) => isOf(line, threshold));
  const planned = lines.filter(({ isPlanned }) => isPlanned);
  return planned.length > 0 ? planned : lines;
}

/** Whether all ids of a scope are the entry's. */
function isOf(line: ThresholdLine, { scope }: Threshold): boolean {
  const own = line.operation?.split('/') ?? [];
  const ids: (string | undefined)[] = [
    line.pattern.id,
    line.variant?.id,
    line.case?.id,
    ...own,
    ...TRIALS_IN_SCOPE,
  ];
  return scope.every((id) => ids.includes(id));
}

function figureLines(result: Result, threshold: Threshold): ThresholdLine[] {
  const which = whichOf(result, threshold);
  const variants = variantsOf(result);
  return casesOf(result, threshold, which).flatMap((of) =>
    result.patterns.flatMap((pattern) =>
      (variants.length === 0 ? [null] : variants).map((variant): ThresholdLine => {
        const isHere = (one: Pick<Trial, 'pattern' | 'variant' | 'case'>) =>
          one.pattern === pattern.id &&
          // Only latency trials run once for each variant.
          (variant === null || one.variant === null || one.variant === variant.id) &&
          (which !== 'fault' || one.case === (of?.id ?? null));
        const operation = operationFor(result, threshold, pattern);
        const own = result.trials.filter((trial) => isHere(trial) && isOfKind(threshold, which, trial.kind));
        return {
          pattern,
          variant,
          case: of,
          operation,
          which,
          trials: operation === null ? own : own.map((trial) => ofOperation(trial, operation)),
          isPlanned:
            which !== 'fault' ||
            pattern.state === 'not-run' ||
            result.design.order.some((entry) => isHere(entry) && isUsedFor(entry.kind, 'fault')),
          find: (trials) => thresholdFigureOf({ threshold, pattern, trials }),
        };
      }),
    ),
  );
}

/** Null where its target has no such operation: then the threshold is not of this pattern. */
function operationFor({ scenario }: Result, threshold: Threshold, { id }: PatternRecord): string | null {
  const target = scenario.targets[id];
  const names = target ? requestNamesOf(target) : [];
  const operation = operationInScope(threshold, names);
  return operation !== null && names.includes(operation) ? operation : null;
}

/** Without a word for it: the faulted trials; of exact counts, all trials. */
function whichOf(result: Result, { figure, scope }: Threshold): TrialsInScope | null {
  const named = TRIALS_IN_SCOPE.find((word) => scope.includes(word));
  if (named !== undefined) return named;
  if (result.scenario.cases.some(({ id }) => scope.includes(id))) return 'fault';
  const hasFaults = result.design.order.some(({ kind }) => isUsedFor(kind, 'fault'));
  return hasFaults && !isExactCount(figure) ? 'fault' : null;
}

/** The named case, else each one that was planned; null: the scenario's own faults, or none. */
function casesOf(
  { scenario, design }: Result,
  { scope }: Threshold,
  which: TrialsInScope | null,
): (Scenario['cases'][number] | null)[] {
  if (which !== 'fault') return [null];
  const named = scenario.cases.filter(({ id }) => scope.includes(id));
  if (named.length > 0) return named;
  const planned = [null, ...scenario.cases].filter((one) =>
    design.order.some((entry) => isUsedFor(entry.kind, 'fault') && entry.case === (one?.id ?? null)),
  );
  return planned.length > 0 ? planned : [null];
}

function isOfKind({ figure }: Threshold, which: TrialsInScope | null, kind: string): boolean {
  if (which !== null) return isUsedFor(kind, which);
  // No-op baselines and byte counts are no results of the pattern.
  return isExactCount(figure) ? kindByName(kind).isTimed : isUsedFor(kind, 'latency');
}

function recoveryLines(result: Result): ThresholdLine[] {
  return faultTrialsOf(result).map((line) => ({
    ...line,
    operation: null,
    which: 'fault',
    isPlanned: true,
    find: (trials) => recoveryOf({ ...line, trials }, result.scenario),
  }));
}
