import type { Harm } from '../../measure/hops/health.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatShare, formatUs, quantileName } from '../format.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { lateWork } from '../../analysis/faults/late-work.ts';
import { faultText } from './fault-text.ts';
import { afterText, secondsText } from './recovery-text.ts';

export function lossText(lost: number): string {
  return lost === 0 ? 'none' : formatShare(lost);
}

/** Work that is accepted before it is completed: `97.0 % of the work done`, `2.10 s late at its p95`, against the control. */
export function workTexts(comparison: FaultComparison): string[] {
  const work = lateWork(comparison, comparison.harm);
  if (!work) return [];
  const { done, late } = work;
  return [
    `${formatShare(done)} of the work done`,
    ...(late ? [`${formatUs(late.us)} late at its ${quantileName(late.quantile)}`] : []),
  ];
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
        ? 'not watched long enough to see a recovery'
        : `not recovered in ${secondsText(recovery.watchedNs)}`;
  }
}

/** `2 of 3`. */
export function harmText({ harmed, of }: Pick<Harm, 'harmed' | 'of'>): string {
  return `${harmed} of ${of}`;
}
