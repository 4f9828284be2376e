import { NS_PER_MS } from '../../../kernel/clock.ts';
import { caveatOf } from '../../patterns/caveat.ts';
import { foundCoupling, servedWord, sharesOf } from '../../patterns/found-coupling.ts';
import type { Trial } from '../../../record/record.ts';
import { outagePhases, type PatternResult } from '../../patterns/pattern-result.ts';
import { verdictIf } from '../verdict.ts';
import { type OutageEvidence, type WordRating, wordRating } from './word.ts';

export function rateCoupling(pattern: PatternResult, claimed: string): WordRating {
  const found = foundCoupling(pattern, 'serviceOutage');
  const evidence = [
    ...pattern.trials.serviceOutage.map((trial) => outageEvidence(pattern, 'service', trial)),
    ...pattern.trials.brokerOutage.map((trial) => outageEvidence(pattern, 'broker', trial)),
  ];
  if (found.state === 'unknown')
    return wordRating(claimed, { verdict: 'inconclusive', reason: found.reason, evidence });
  const { verdict } = found.coupling;
  const isAccepted = pattern.waitsFor === 'confirm' && pattern.trials.serviceOutage.length > 0;
  const shares = sharesOf(pattern, 'serviceOutage');
  return wordRating(claimed, {
    measured: [[verdict]],
    verdict: verdictIf(verdict === claimed),
    basis: verdict === claimed ? 'construction' : 'measured',
    figure: shares && { code: 'shares', shares },
    caveat: isAccepted ? { code: 'accepted-is-served' } : null,
    evidence,
  });
}

function outageEvidence(pattern: PatternResult, who: OutageEvidence['who'], trial: Trial): OutageEvidence {
  return {
    code: 'outage-counts',
    who,
    how: trial.faults[0]?.do === 'freeze' ? 'freeze' : 'kill',
    downMs: outagePhases([trial]).reduce((sum, phase) => sum + (phase.toNs - phase.fromNs) / NS_PER_MS, 0),
    coupling: trial.coupling,
    served: servedWord(pattern),
    caveat: caveatOf([trial]),
  };
}
