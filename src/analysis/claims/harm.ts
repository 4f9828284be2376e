import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { nameWithCase } from '../faults/fault-trials.ts';
import { correctShare, lostShare } from '../faults/requests.ts';
import type { ClaimEvidence, HarmOfLine } from './evidence.ts';

const NOBODY: Harm = { harmed: 0, of: 0, names: [], undetermined: [] };

export function harmOf(comparison: FaultComparison): HarmOfLine {
  return comparison.health.blast ?? { dependent: NOBODY, independent: NOBODY };
}

export function isAnyHarmed(comparison: FaultComparison): boolean {
  const { dependent, independent } = harmOf(comparison);
  return dependent.harmed + independent.harmed > 0;
}

export function harmEvidence(comparison: FaultComparison): ClaimEvidence {
  const { planned } = comparison.harm.here;
  return {
    code: 'harm',
    line: nameWithCase(comparison),
    lost: lostShare(comparison.harm),
    planned,
    harm: harmOf(comparison),
  };
}

/**
 * Loose by the definition of coupling (DESIGN 4): nearly all calls correct during the fault, and their work finally
 * done.
 */
export function isLoose({ harm: { here } }: FaultComparison): boolean {
  return correctShare(here) >= LOOSE_FROM && here.done >= LOOSE_FROM * here.planned;
}

export function looseEvidence(comparison: FaultComparison): ClaimEvidence {
  const { here } = comparison.harm;
  const { planned } = here;
  return {
    code: 'loose',
    line: nameWithCase(comparison),
    correct: correctShare(here),
    planned,
    done: planned === 0 ? 1 : here.done / planned,
    lost: lostCount(comparison),
  };
}

export function lostCount({ work }: FaultComparison): number {
  return work.ledgers.reduce((n, { lost }) => n + lost, 0);
}

export function recoveryEvidence(comparison: FaultComparison): ClaimEvidence {
  const recovery = comparison.health.ending?.recovery ?? null;
  return { code: 'recovery', line: nameWithCase(comparison), recovery };
}
