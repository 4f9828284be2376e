import { quantileCell } from '../../measure/figures/percentile.ts';
import { knownQuantile } from '../patterns/known-quantile.ts';
import { type FaultTrials, isAsynchronous } from './fault-trials.ts';
import type { Compared } from './requests.ts';

/** Of a line in which acceptance is not completion: what came of the work that was due while somebody was harmed. */
export interface LateWork {
  /** Of what was planned. */
  readonly done: number;
  /** Later than in the control, at the highest quantile that can be told; null: it is not, or that is not known. */
  readonly late: { readonly us: number; readonly quantile: number } | null;
}

/** Less of a completion time than this is no lateness to be told of. */
const NOTABLE_LATENESS = 0.5;

/** Null: of such work there is none. */
export function lateWork(line: FaultTrials, { here, control }: Compared): LateWork | null {
  if (!isAsynchronous(line) || here.planned === 0) return null;
  const done = here.done / here.planned;
  const known = here.completion ? knownQuantile(here.completion) : undefined;
  const usual = known && control.completion ? quantileCell(control.completion, known.quantile) : undefined;
  if (!known || usual?.state !== 'known') return { done, late: null };
  const us = known.valueUs - usual.valueUs;
  return { done, late: us > known.valueUs * NOTABLE_LATENESS ? { us, quantile: known.quantile } : null };
}
