import { isMarkedAt } from '../../measure/validity/validity.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import { unusable, usableMedian, type UsableMedian } from '../patterns/side-by-side.ts';
import type { Comparison, NoPair, ComparedSide } from './comparison.ts';

/** Log of candidate over baseline in one pair, or why it says nothing. */
export type PairValue =
  | { readonly log: number }
  | { readonly why: NoPair; readonly side: ComparedSide | null };
export type GateKind = 'response' | 'completion';

/** The two trials of one round. */
export interface TrialPair {
  readonly baseline: Trial | undefined;
  readonly candidate: Trial | undefined;
}

/**
 * One value a pair, however many blocks it has: blocks share their processes and are not independent.
 * @param how as the pair was made
 */
export function pairValue(
  { baseline, candidate }: TrialPair,
  kind: GateKind,
  how: Comparison['how'],
): PairValue {
  const medians = [medianOfTrial(baseline, kind), medianOfTrial(candidate, kind)] as const;
  const [of, us] = medians;
  if (of.state === 'unusable') return { why: of.why, side: 'baseline' };
  if (us.state === 'unusable') return { why: us.why, side: 'candidate' };
  return how === 'switchback'
    ? meanOverBlocks(baseline!, candidate!, kind)
    : { log: Math.log(us.us / of.us) };
}

/** A row that cannot keep up is no reason to leave its rounds out: its times are what its callers got. */
export function medianOfTrial(trial: Trial | undefined, kind: GateKind): UsableMedian {
  if (!trial) return unusable({ code: 'trial-missing' });
  if (trial.state === 'failed') return unusable({ code: 'trial-failed' });
  return usableMedian(trial, kind);
}

/** Of a block, whose median is only one of many: so few are enough. */
export const BLOCK_CALLS = 10;
const FEWEST_COUPLES = 3;

/**
 * Switchback: the load changes between two services that are both alive, block by block. `block-3` of one side and
 * `block-3` of the other lie beside each other in time: the log-ratio of their medians, and the mean of all of them.
 * What lies between blocks (settling, silence) bears other names.
 */
function meanOverBlocks(baseline: Trial, candidate: Trial, kind: GateKind): PairValue {
  const logs = baseline.phases.flatMap((phase) => {
    if (!phase.name.startsWith('block-')) return [];
    const beside = candidate.phases.find(({ name }) => name === phase.name);
    const [of, us] = [blockUs(phase, kind), beside && blockUs(beside, kind)];
    return of === undefined || us === undefined ? [] : [Math.log(us / of)];
  });
  if (logs.length < FEWEST_COUPLES) {
    return { why: { code: 'few-blocks', usable: logs.length, needed: FEWEST_COUPLES }, side: null };
  }
  return { log: logs.reduce((sum, log) => sum + log, 0) / logs.length };
}

function blockUs(phase: Phase, kind: GateKind): number | undefined {
  if (phase[kind].count < BLOCK_CALLS || isMarkedAt(phase, 0.5)) return undefined;
  return quantileUs(phase[kind], 0.5) ?? undefined;
}
