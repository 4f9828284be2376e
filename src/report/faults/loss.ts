import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatShare, formatUs, quantileName } from '../format.ts';
import { knownQuantile } from '../../analysis/patterns/known-quantile.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { isAsynchronous } from '../../analysis/faults/fault-trials.ts';
import { faultText } from './fault-text.ts';
import { afterText, secondsText } from './recovery-text.ts';

export function lossText(lost: number): string {
  return lost === 0 ? 'none' : formatShare(lost);
}

/** Less of a completion time than this is no lateness to be told of. */
const NOTABLE_LATENESS = 0.5;

/** Of a line in which acceptance is not completion: `97.0 % of the work done`, `2.10 s late at its p95`, against the control. */
export function workTexts(comparison: FaultComparison): string[] {
  const { here, control } = comparison.harm;
  if (!isAsynchronous(comparison) || here.planned === 0) return [];
  const done = `${formatShare(here.done / here.planned)} of the work done`;
  const known = here.completion ? knownQuantile(here.completion) : undefined;
  const usual = known && control.completion ? quantileCell(control.completion, known.quantile) : undefined;
  if (!known || usual?.state !== 'known') return [done];
  const laterUs = known.valueUs - usual.valueUs;
  const isLate = laterUs > known.valueUs * NOTABLE_LATENESS;
  return [done, ...(isLate ? [`${formatUs(laterUs)} late at its ${quantileName(known.quantile)}`] : [])];
}

/** `recovered in 0.4 s`, `not recovered in 9.5 s`; undefined where it was never harmed, or nobody can say. */
export function recoveryEndText(comparison: FaultComparison, scenario: Scenario): string | undefined {
  const { ending } = comparison.health;
  if (!ending) return undefined;
  const { recovery, isCutShort, shed } = ending;
  switch (recovery.state) {
    case 'unjudged':
    case 'never-harmed':
      return undefined;
    case 'recovered':
      if (shed) return `recovered only after ${faultText(shed, scenario)}`;
      return `recovered in ${afterText(recovery)}`;
    case 'not-recovered':
      return isCutShort
        ? 'no time left to see a recovery'
        : `not recovered in ${secondsText(recovery.watchedNs)}`;
  }
}

/** `3 of 3 other endpoints harmed too`: those that do not depend on what was harmed; undefined where none was. */
export function spreadText({ health }: FaultComparison): string | undefined {
  const { harmed, of } = health.blast?.independent ?? { harmed: 0, of: 0 };
  return harmed === 0
    ? undefined
    : `${harmed} of ${of} other ${of === 1 ? 'endpoint' : 'endpoints'} harmed too`;
}
