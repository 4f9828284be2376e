import { CommbenchError } from '../../kernel/errors.ts';
import type { PatternNotRun } from '../../trial/environment/broker-set.ts';

/** The error of an experiment that says nothing without this broker. */
export function noBroker({ reason, hint }: PatternNotRun): CommbenchError {
  return new CommbenchError('no-broker', reason, hint === null ? {} : { hint });
}
