import { NS_PER_S } from '../../kernel/clock.ts';
import { ratioInterval, type RatioInterval } from '../../measure/stats/ratio.ts';
import type { Trial } from '../../record/record.ts';
import { closedLoopPerS, plannedOf, type PatternResult } from './pattern-result.ts';
import type { Coded } from '../coded.ts';
import { blockMedian, type NoMedian } from './side-by-side.ts';

/** Minimum ratio of p50 between idle and busy, ... */
export const VARIABLE_ABOVE = 2;
/** ... with the near end of the 95 % interval beyond this. */
export const VARIABLE_NEAR_END = 1.5;

export interface BlockPair {
  readonly idleUs: number;
  readonly busyUs: number;
  readonly ratio: number;
}

/** A block of a trial that is excluded. */
export interface ExcludedBlock {
  readonly kind: 'idle' | 'busy';
  readonly number: string;
  readonly why: NoMedian;
}

/** Reason why variability is unknown. */
export type VariabilityUnknown =
  | Coded<'no-idle-trial'>
  | { readonly code: 'too-few-pairs'; readonly excluded: ExcludedBlock | null }
  | { readonly code: 'across-variable'; readonly times: number }
  /** The busy blocks did not reach their planned share of the closed loop's rate. */
  | { readonly code: 'not-busy-enough'; readonly share: number; readonly busyShare: number };

/** Dependence of a pattern's latency on its load (DESIGN 4). */
export interface Variability {
  readonly found: 'variable' | 'steady' | 'unknown';
  readonly pairs: readonly BlockPair[];
  /** Ratio of busy to idle. */
  readonly interval: RatioInterval | undefined;
  /** Reason of `unknown`. */
  readonly reason: VariabilityUnknown | null;
}

/** @param busyShare planned rate of busy blocks, as a share of the pattern's closed loop */
export function variabilityOf(pattern: PatternResult, busyShare: number): Variability {
  if (pattern.trials.idleBusy.length === 0) return unknown([], undefined, { code: 'no-idle-trial' });
  const found = pattern.trials.idleBusy.map(pairsOf);
  const pairs = found.flatMap((one) => one.pairs);
  const interval = ratioInterval(
    pairs.map((pair) => pair.ratio),
    0.95,
  );
  if (!interval) {
    const excluded = found.flatMap((one) => one.excluded)[0] ?? null;
    return unknown(pairs, interval, { code: 'too-few-pairs', excluded });
  }
  if (isVariable(interval)) return { found: 'variable', pairs, interval, reason: null };
  const isSteady = interval.low >= 1 / VARIABLE_ABOVE && interval.high <= VARIABLE_ABOVE;
  if (!isSteady) return unknown(pairs, interval, { code: 'across-variable', times: VARIABLE_ABOVE });
  const share = shareReached(pattern);
  if (share !== undefined && share < busyShare * NEARLY) {
    return unknown(pairs, interval, { code: 'not-busy-enough', share, busyShare });
  }
  return { found: 'steady', pairs, interval, reason: null };
}

/** Arrivals are whole numbers: a block may fall a little short of its rate. */
const NEARLY = 0.95;

/** Rate of busy blocks as a share of the pattern's closed loop; undefined where unknown. */
export function shareReached(pattern: PatternResult): number | undefined {
  const busy = pattern.trials.idleBusy.flatMap((trial) =>
    trial.phases.filter((phase) => phase.name.startsWith('busy-')),
  );
  const loopPerS = closedLoopPerS(pattern);
  const perS = plannedRatePerS(busy);
  return loopPerS === null || perS === undefined ? undefined : perS / loopPerS;
}

/** Arrivals per second of intended time; undefined where that is zero. */
export function plannedRatePerS(phases: Trial['phases']): number | undefined {
  const ns = phases.reduce((sum, phase) => sum + phase.toNs - phase.fromNs, 0);
  return ns > 0 ? (plannedOf(phases) * NS_PER_S) / ns : undefined;
}

/** Slower when busy, or (where batches fill sooner) faster. */
function isVariable({ ratio, low, high }: RatioInterval): boolean {
  return (
    (ratio > VARIABLE_ABOVE && low > VARIABLE_NEAR_END) ||
    (ratio < 1 / VARIABLE_ABOVE && high < 1 / VARIABLE_NEAR_END)
  );
}

function unknown(
  pairs: readonly BlockPair[],
  interval: RatioInterval | undefined,
  reason: VariabilityUnknown,
): Variability {
  return { found: 'unknown', pairs, interval, reason };
}

/** Pairs each busy block with the idle one before it: idle-1, busy-1, idle-2, ... */
function pairsOf(trial: Trial): { pairs: BlockPair[]; excluded: ExcludedBlock[] } {
  const pairs: BlockPair[] = [];
  const excluded: ExcludedBlock[] = [];
  for (const idle of trial.phases.filter((phase) => phase.name.startsWith('idle-'))) {
    const number = idle.name.slice('idle-'.length);
    const busy = trial.phases.find((phase) => phase.name === `busy-${number}`);
    const [low, high] = [blockMedian(trial, idle, 'completion'), blockMedian(trial, busy, 'completion')];
    if (low.state === 'unusable') excluded.push({ kind: 'idle', number, why: low.why });
    else if (high.state === 'unusable') excluded.push({ kind: 'busy', number, why: high.why });
    else pairs.push({ idleUs: low.us, busyUs: high.us, ratio: high.us / low.us });
  }
  return { pairs, excluded };
}
