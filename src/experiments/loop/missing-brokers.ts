import { CommbenchError } from '../../kernel/errors.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import type { PatternRecord } from '../../record/record.ts';
import type { MissingBroker } from '../../trial/environment/broker-set.ts';

/** Marks patterns whose broker is missing as not run. @param missing unavailable brokers, by name */
export function noteMissing(
  records: readonly PatternRecord[],
  patterns: readonly ResolvedPattern[],
  missing: ReadonlyMap<string, MissingBroker>,
): void {
  for (const [i, pattern] of patterns.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why) Object.assign(records[i]!, { state: 'not-run', reason: why.reason, hint: why.hint });
  }
}

/** Why a pattern is not run: its own broker, which every variant of it needs, is missing. */
export function whyPatternIsNotRun(
  pattern: ResolvedPattern,
  missing: ReadonlyMap<string, MissingBroker>,
): MissingBroker | undefined {
  return pattern.target === undefined ? missing.get(pattern.definition.broker?.name ?? '') : undefined;
}

/** The error of an experiment that cannot do without this broker. */
export function noBroker({ reason, hint }: MissingBroker): CommbenchError {
  return new CommbenchError('no-broker', reason, hint === null ? {} : { hint });
}
