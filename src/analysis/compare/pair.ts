import { isMarkedAt } from '../../measure/validity/validity.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import { type NoMedian, unusable, usableMedian, type UsableMedian } from '../patterns/side-by-side.ts';
import { type ShareKind, successFromFault } from './fault-figures.ts';
import type { Comparison, NoPair, ComparedSide } from './comparison.ts';

/**
 * What a pair says: of times the log of candidate over baseline, of shares candidate − baseline; or the reason why it
 * has no value.
 */
export type PairValue =
  | { readonly value: number }
  | { readonly why: NoPair; readonly side: ComparedSide | null };
export type TimeKind = 'response' | 'completion';
export type GateKind = TimeKind | ShareKind;

/** The two trials of one round. */
export interface TrialPair {
  readonly baseline: Trial | undefined;
  readonly candidate: Trial | undefined;
}

/**
 * One value per pair, however many blocks it has: blocks share their processes and are not independent.
 * @param how as the pair was made
 */
export function pairValue(
  { baseline, candidate }: TrialPair,
  kind: GateKind,
  how: Comparison['how'],
): PairValue {
  if (isShareKind(kind)) return shareValue({ baseline, candidate }, kind);
  const medians = [medianOfTrial(baseline, kind), medianOfTrial(candidate, kind)] as const;
  const [of, us] = medians;
  if (of.state === 'unusable') return { why: of.why, side: 'baseline' };
  if (us.state === 'unusable') return { why: us.why, side: 'candidate' };
  return how === 'switchback'
    ? meanOverBlocks(baseline!, candidate!, kind)
    : { value: Math.log(us.us / of.us) };
}

export function isShareKind(kind: GateKind): kind is ShareKind {
  return kind === 'correct' || kind === 'doneInTime';
}

function shareValue({ baseline, candidate }: TrialPair, kind: ShareKind): PairValue {
  const [of, its] = [shareOfTrial(baseline, kind), shareOfTrial(candidate, kind)];
  if (typeof of !== 'number') return { why: of, side: 'baseline' };
  if (typeof its !== 'number') return { why: its, side: 'candidate' };
  return { value: its - of };
}

/** Counts do not depend on noise: those of any trial with complete evidence are used. */
function shareOfTrial(trial: Trial | undefined, kind: ShareKind): number | NoMedian {
  if (!trial) return { code: 'trial-missing' };
  if (trial.state === 'failed') return { code: 'trial-failed' };
  const { verdict } = trial.validity;
  if (verdict === 'incomplete') return { code: 'not-valid', verdict };
  if (trial.phases.some(({ outcomes }) => (outcomes.unsent ?? 0) > 0)) return { code: 'unsent' };
  return successFromFault(trial, kind) ?? { code: 'too-few-calls' };
}

/** Rounds of a saturated pattern are used: its times are what its callers got. */
export function medianOfTrial(
  trial: Trial | undefined,
  kind: TimeKind,
  medianOf: typeof usableMedian = usableMedian,
): UsableMedian {
  if (!trial) return unusable({ code: 'trial-missing' });
  if (trial.state === 'failed') return unusable({ code: 'trial-failed' });
  return medianOf(trial, kind);
}

/** Least calls of a block; so few are enough, as its median is one of many. */
export const BLOCK_CALLS = 10;
const FEWEST_COUPLES = 3;

/**
 * Switchback: the load alternates between two live services, block by block. `block-3` of both sides are adjacent in
 * time. The value is the mean log-ratio of such medians. The time between blocks (settling, silence) has other names.
 */
function meanOverBlocks(baseline: Trial, candidate: Trial, kind: TimeKind): PairValue {
  const logs = baseline.phases.flatMap((phase) => {
    if (!phase.name.startsWith('block-')) return [];
    const beside = candidate.phases.find(({ name }) => name === phase.name);
    const [of, us] = [blockUs(phase, kind), beside && blockUs(beside, kind)];
    return of === undefined || us === undefined ? [] : [Math.log(us / of)];
  });
  if (logs.length < FEWEST_COUPLES) {
    return { why: { code: 'few-blocks', usable: logs.length, needed: FEWEST_COUPLES }, side: null };
  }
  return { value: logs.reduce((sum, log) => sum + log, 0) / logs.length };
}

function blockUs(phase: Phase, kind: TimeKind): number | undefined {
  if (phase[kind].count < BLOCK_CALLS || isMarkedAt([phase], 0.5)) return undefined;
  return quantileUs(phase[kind], 0.5) ?? undefined;
}
