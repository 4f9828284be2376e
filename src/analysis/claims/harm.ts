import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { Harm } from '../../measure/hops/health.ts';
import { type FaultLine, nameWithCase } from '../faults/fault-line.ts';
import { blastOf, endingOfLine } from '../faults/health-seen.ts';
import { ledgersSeen } from '../faults/ledgers-seen.ts';
import { correctShare, harmSeen, lostShare } from '../faults/seen.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { ClaimEvidence, HarmOfLine } from './evidence.ts';

const NOBODY: Harm = { harmed: 0, of: 0, names: [], unjudged: [] };

export function harmOf(line: FaultLine): HarmOfLine {
  return blastOf(line) ?? { dependent: NOBODY, independent: NOBODY };
}

export function isAnyHarmed(line: FaultLine): boolean {
  const { dependent, independent } = harmOf(line);
  return dependent.harmed + independent.harmed > 0;
}

export function harmEvidence(line: FaultLine, scenario: Scenario): ClaimEvidence {
  const seen = harmSeen(line, scenario);
  const { planned } = seen.here;
  return { code: 'harm', line: nameWithCase(line), lost: lostShare(seen), planned, harm: harmOf(line) };
}

/** Loose, as coupling is judged (DESIGN 4): nearly all answered in time while the fault lasted, and finally done. */
export function isLoose(line: FaultLine, scenario: Scenario): boolean {
  const { here } = harmSeen(line, scenario);
  return correctShare(here) >= LOOSE_FROM && here.done >= LOOSE_FROM * here.planned;
}

export function looseEvidence(line: FaultLine, scenario: Scenario): ClaimEvidence {
  const { here } = harmSeen(line, scenario);
  const { planned } = here;
  return {
    code: 'loose',
    line: nameWithCase(line),
    correct: correctShare(here),
    planned,
    done: planned === 0 ? 1 : here.done / planned,
    lost: lostCount(line),
  };
}

export function lostCount(line: FaultLine): number {
  return ledgersSeen(line).reduce((n, { lost }) => n + lost, 0);
}

export function recoveryEvidence(line: FaultLine, scenario: Scenario): ClaimEvidence {
  const recovery = endingOfLine(line, scenario)?.recovery ?? null;
  return { code: 'recovery', line: nameWithCase(line), recovery };
}
