import type { Analysis } from '../../analysis.ts';
import type { Coded } from '../../coded.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { type ChoiceStatement, choiceStatements } from './choice.ts';
import { type FaultStatement, faultStatements } from './faults.ts';
import { type OutageStatement, outageStatements } from './outage.ts';
import { type SteadyStatement, steadyStatements } from './steady.ts';
import { type StreamStatement, streamStatements } from './streams.ts';

/** Statements on a run, the headline first. */
export type RunStatement =
  | FaultStatement
  | ChoiceStatement
  | OutageStatement
  | SteadyStatement
  | StreamStatement
  | NothingFound;

type NothingFound = Coded<'none-valid' | 'too-few-calls' | 'only-noop' | 'nothing-finished'>;

export function runStatements(analysis: Analysis): RunStatement[] {
  const { result, patterns, words, faults } = analysis;
  const ofFaults = faultStatements(faults);
  if (ofFaults.length > 0) return ofFaults;
  const isFinished = patterns.some(
    (pattern) => pattern.trials.latency.length > 0 || pattern.trials.serviceOutage.length > 0,
  );
  if (words.length > 0 && isFinished) return choiceStatements(analysis);
  // The wait for a stream's end is planned, so its items decide.
  const streams = streamStatements(patterns);
  const steady = streams.length > 0 ? streams : steadyStatements(analysis);
  const found = [...outageStatements(result, patterns), ...steady];
  return found.length > 0 ? found : [nothingFound(patterns)];
}

function nothingFound(patterns: readonly PatternResult[]): NothingFound {
  const measured = patterns.flatMap((pattern) => [
    ...pattern.trials.latency,
    ...pattern.trials.serviceOutage,
  ]);
  if (measured.length === 0)
    return {
      code: patterns.some((pattern) => pattern.trials.noop.length > 0) ? 'only-noop' : 'nothing-finished',
    };
  const isAnyValid = measured.some((trial) => trial.validity.verdict === 'valid');
  return { code: isAnyValid ? 'too-few-calls' : 'none-valid' };
}
