import { quantileCell } from '../../measure/figures/percentile.ts';
import { knownQuantile } from '../patterns/known-quantile.ts';
import { type FaultTrials, isAsynchronous } from './fault-trials.ts';
import type { Compared } from './requests.ts';

/** Completion of the work due during the faults, where acceptance is not completion. */
export interface LateWork {
  /** Share of the planned calls. */
  readonly done: number;
  /** Delay against the control, at the highest quantile that may be shown; null: none, or unknown. */
  readonly late: { readonly us: number; readonly quantile: number } | null;
}

/** A delay of less than this share of the completion time is not reported. */
const NOTABLE_LATENESS = 0.5;

/** Null where there is no such work. */
export function lateWork(line: FaultTrials, { here, control }: Compared): LateWork | null {
  if (!isAsynchronous(line) || here.planned === 0) return null;
  const done = here.done / here.planned;
  const known = here.completion ? knownQuantile(here.completion) : undefined;
  const usual = known && control.completion ? quantileCell(control.completion, known.quantile) : undefined;
  if (!known || usual?.state !== 'known') return { done, late: null };
  const us = known.valueUs - usual.valueUs;
  return { done, late: us > known.valueUs * NOTABLE_LATENESS ? { us, quantile: known.quantile } : null };
}
