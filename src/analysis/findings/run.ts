import { kindByName } from '../../plan/kinds/kinds.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { Analysis } from '../analysis.ts';
import type { Finding } from '../finding.ts';
import { alternativeFindings } from './alternatives.ts';
import { closedLoopFindings } from './closed-loops.ts';
import { contractFindings } from './contracts.ts';
import { choiceFindings, tolerance } from './choice.ts';
import { faultsFound } from './faults.ts';
import { orderFindings } from './latency.ts';
import { regimeFindings } from './regimes.ts';
import { swapFindings } from './swaps.ts';
import { validityFinding } from './validity.ts';

/** Findings of a run that its scenario asks for, and the number of valid trials. */
export function runFindings(analysis: Analysis): Finding[] {
  return [...askedFindings(analysis), runValidity(analysis.result)];
}

function askedFindings(analysis: Analysis): Finding[] {
  const { result, faults, contracts, words, families, patterns } = analysis;
  if (faults.length > 0) return [...swapFindings(analysis), ...faultsFound(faults)];
  if (contracts.some(({ change }) => change !== null))
    return contractFindings(contracts, result.scenario.deadlineMs);
  if (families.length > 0) return alternativeFindings(families);
  if (words.length > 0) return [...choiceFindings(analysis), ...regimeFindings(analysis)];
  const loops = closedLoopFindings(patterns);
  if (loops.length > 0) return loops;
  return [
    ...regimeFindings(analysis),
    ...orderFindings(analysis),
    ...[tolerance(patterns)].filter((one) => one !== undefined),
  ];
}

/** Excludes no-op baselines, which only stand beside the results, and byte counts, which are no times. */
function runValidity({ trials, design: { order } }: Result): Finding {
  const counts = ({ kind }: Pick<Trial, 'kind'>) => kindByName(kind).isTimed;
  const skipped = trials.filter((trial) => counts(trial) && trial.state === 'skipped').length;
  const timed = trials.filter((trial) => counts(trial) && trial.state !== 'skipped');
  return validityFinding(timed, order.filter(counts).length - skipped);
}
