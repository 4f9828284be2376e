import { NS_PER_MS } from '../../../kernel/clock.ts';
import { doubtOf } from '../../patterns/doubt.ts';
import { foundCoupling, servedWord, sharesOf } from '../../patterns/found-coupling.ts';
import type { Trial } from '../../../record/record.ts';
import { outagePhases, type ResultRow } from '../../patterns/row.ts';
import { verdictOf } from '../verdict.ts';
import { type OutageEvidence, type WordJudgement, wordJudgement } from './word.ts';

export function judgeCoupling(row: ResultRow, said: string): WordJudgement {
  const found = foundCoupling(row, 'outage');
  const evidence = [
    ...row.outage.map((trial) => outageEvidence(row, 'callee', trial)),
    ...row.middle.map((trial) => outageEvidence(row, 'broker', trial)),
  ];
  if (found.state === 'unknown')
    return wordJudgement(said, { verdict: 'inconclusive', reason: found.reason, evidence });
  const { verdict } = found.coupling;
  const isAccepted = row.waitsFor === 'confirm' && row.outage.length > 0;
  const shares = sharesOf(row, 'outage');
  return wordJudgement(said, {
    found: [[verdict]],
    verdict: verdictOf(verdict === said),
    figure: shares && { code: 'shares', shares },
    caveat: isAccepted ? { code: 'accepted-is-served' } : null,
    evidence,
  });
}

function outageEvidence(row: ResultRow, who: OutageEvidence['who'], trial: Trial): OutageEvidence {
  return {
    code: 'outage-counts',
    who,
    how: trial.faults[0]?.do === 'freeze' ? 'freeze' : 'kill',
    downMs: outagePhases([trial]).reduce((sum, phase) => sum + (phase.toNs - phase.fromNs) / NS_PER_MS, 0),
    coupling: trial.coupling,
    served: servedWord(row),
    doubt: doubtOf([trial]),
  };
}
