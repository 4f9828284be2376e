import type { Result, Trial } from '../../record/record.ts';
import { plannedOf, type PatternResult, variantResults } from '../patterns/pattern-result.ts';

/** A pattern, or one operation, flow or step of its target, as the same kind of result. */
export interface OperationResult extends PatternResult {
  /** Its name in the record; null: the whole mix. */
  readonly operation: string | null;
}

/**
 * A trial as it was for one operation, flow or step alone; without phases where it has none of it. What is known of all
 * requests together is unknown of one.
 */
export function ofOperation(trial: Trial, operation: string): Trial {
  const phases = trial.operations?.find(({ name }) => name === operation)?.phases ?? [];
  return {
    ...trial,
    phases,
    planned: plannedOf(phases),
    ledgers: [],
    cost: UNKNOWN_COST,
    wire: null,
    capacity: { acknowledgedPerS: null, donePerS: null },
  };
}

const UNKNOWN_COST: Trial['cost'] = {
  callerUs: null,
  serviceUs: null,
  brokerUs: null,
  callerPeakBytes: null,
  servicePeakBytes: null,
  brokerPeakBytes: null,
};

/** A step is a part of its flow, not of the mix. */
export function isStep(operation: string | null): boolean {
  return operation?.includes('/') ?? false;
}

/** Operations, flows and steps that these trials have, in the order of the record. */
function operationsIn(trials: readonly Trial[]): string[] {
  return [...new Set(trials.flatMap(({ operations = [] }) => operations.map(({ name }) => name)))];
}

/** One entry per pattern and variant for its whole mix, each followed by its operations. */
export function operationResults(result: Result): OperationResult[] {
  const names = operationsIn(result.trials);
  const parts = names.map((operation) => ({
    operation,
    results: variantResults({
      ...result,
      trials: result.trials.map((trial) => ofOperation(trial, operation)),
    }),
  }));
  return variantResults(result).flatMap((line, i) => [
    { ...line, operation: null },
    ...parts.flatMap(({ operation, results }) => {
      const isOwn = operationsIn(Object.values(line.trials).flat()).includes(operation);
      return isOwn ? [{ ...results[i]!, name: `${line.name}, ${operation}`, operation }] : [];
    }),
  ]);
}
