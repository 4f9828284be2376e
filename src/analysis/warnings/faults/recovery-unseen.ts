import { isHarmful } from '../../../faults/faults.ts';
import { recovery, windowsSince } from '../../../measure/hops/health.ts';
import { RECOVERED_WINDOWS } from '../../../measure/hops/hop-figures.ts';
import type { Trial } from '../../../record/record.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { endNs, spanOf } from '../../faults/stages.ts';

/** Too few calls arrived after the fault to observe a recovery: its absence proves nothing. */
export interface RecoveryUnseen {
  readonly code: 'recovery-unseen';
  readonly lines: readonly string[];
}

export function unseenRecoveries(
  comparisons: readonly FaultComparison[],
  { watchRecovery }: Pick<Scenario, 'watchRecovery'>,
): RecoveryUnseen[] {
  if (!watchRecovery) return [];
  const names = new Set(comparisons.filter(({ trials }) => trials.some(isCutShort)).map(nameWithCase));
  return names.size === 0 ? [] : [{ code: 'recovery-unseen', lines: [...names] }];
}

/** Some endpoint was harmed, not observed to recover, and could not have been. */
function isCutShort(trial: Trial): boolean {
  const faults = trial.faults.filter((fault) => isHarmful(fault) && fault.do !== 'load');
  if (faults.length === 0) return false;
  const span = spanOf(faults);
  return (trial.hops?.endpoints ?? []).some(({ windows }) => {
    const { state } = recovery(windows, span, endNs(trial));
    return state === 'not-recovered' && windowsSince(windows, span.toNs) < RECOVERED_WINDOWS;
  });
}
