import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { FaultLine } from '../faults/fault-line.ts';
import { nameWithCase } from '../faults/fault-trials.ts';
import { correctShare, lostShare } from '../faults/seen.ts';
import type { ClaimEvidence, HarmOfLine } from './evidence.ts';

const NOBODY: Harm = { harmed: 0, of: 0, names: [], unjudged: [] };

export function harmOf(line: FaultLine): HarmOfLine {
  return line.health.blast ?? { dependent: NOBODY, independent: NOBODY };
}

export function isAnyHarmed(line: FaultLine): boolean {
  const { dependent, independent } = harmOf(line);
  return dependent.harmed + independent.harmed > 0;
}

export function harmEvidence(line: FaultLine): ClaimEvidence {
  const { planned } = line.harm.here;
  return { code: 'harm', line: nameWithCase(line), lost: lostShare(line.harm), planned, harm: harmOf(line) };
}

/** Loose, as coupling is judged (DESIGN 4): nearly all answered in time while the fault lasted, and finally done. */
export function isLoose({ harm: { here } }: FaultLine): boolean {
  return correctShare(here) >= LOOSE_FROM && here.done >= LOOSE_FROM * here.planned;
}

export function looseEvidence(line: FaultLine): ClaimEvidence {
  const { here } = line.harm;
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

export function lostCount({ work }: FaultLine): number {
  return work.ledgers.reduce((n, { lost }) => n + lost, 0);
}

export function recoveryEvidence(line: FaultLine): ClaimEvidence {
  const recovery = line.health.ending?.recovery ?? null;
  return { code: 'recovery', line: nameWithCase(line), recovery };
}
