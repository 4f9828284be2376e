import { type GateFinding, assessPairs, gateVerdictOf } from '../../src/measure/stats/gate.ts';
import { PLANNED_LOOKS } from '../../src/measure/stats/looks.ts';
import { meanInterval } from '../../src/measure/stats/ratio.ts';
import { assessUnpaired } from '../../src/measure/stats/unpaired.ts';
import { SESSION_NOISE } from '../../src/analysis/compare/session-noise.ts';
import { armOrder } from '../../src/experiments/ab/plan.ts';
import { autocorrelated, noiseOf } from './noise.ts';
import type { World } from './worlds.ts';

/** What one simulated comparison came to. */
export interface Outcome {
  readonly verdict: GateFinding['verdict'];
  /** After so many pairs; 0: not of pairs. */
  readonly pairs: number;
}

export interface Setting {
  readonly seed: number;
  readonly margin: number;
  /** Logarithm of the true change, candidate over baseline. */
  readonly change: number;
}

/** What assesses the pairs so far, and when: the method itself, or one that is known to be wrong. */
export interface Assessment {
  readonly looks: readonly number[];
  readonly assess: (logRatios: readonly number[], margin: number) => Pick<GateFinding, 'verdict'>;
}

export const METHOD: Assessment = { looks: PLANNED_LOOKS, assess: assessPairs };

/** A plain interval, looked at after every pair as if for the first time. */
export const EVERY_PAIR: Assessment = {
  looks: Array.from({ length: 22 }, (_, i) => i + 3),
  assess: (logRatios, margin) => ({ verdict: gateVerdictOf(meanInterval(logRatios, 0.95)!, margin) }),
};

/** As `commbench ab` does it: arms in drawn order, assessed at planned looks, until one says something. */
export function paired(
  world: World,
  { seed, margin, change }: Setting,
  assess: Assessment = METHOD,
): Outcome {
  const noise = noiseOf(seed, `compare ${world.name}`);
  const machine = world.begin(noise);
  const logRatios: number[] = [];
  return untilTold(margin, assess, (pair) => {
    const [first, second] = [machine(), machine()];
    const isBaselineFirst = armOrder(seed, pair, 0)[0] === 'a';
    const [baseline, candidate] = isBaselineFirst ? [first, second] : [second, first];
    logRatios.push(candidate + change - baseline);
    return logRatios;
  });
}

const COUPLES = 6;
/** Luck of a process (layout, compiled code), the same in all of its blocks; and what each block's median is off. */
const PROCESS = 0.015;
const BLOCK = 0.04;

/**
 * Switchback: both processes are alive in each pair, couples of blocks in drawn order, and their mean is the pair's one
 * value. The machine goes on from block to block as it does from trial to trial.
 * @param values what is made of a pair's blocks: their mean, or (wrong) all of them
 */
export function switchback(
  world: World,
  { seed, margin, change }: Setting,
  assess: Assessment = METHOD,
  values: (blocks: readonly number[]) => readonly number[] = (blocks) => [meanOf(blocks)],
): Outcome {
  const noise = noiseOf(seed, `compare switchback ${world.name}`);
  const machine = world.begin(noise);
  const logRatios: number[] = [];
  return untilTold(margin, assess, () => {
    const luck = PROCESS * (noise.normal() - noise.normal());
    const blocks = Array.from({ length: COUPLES }, () => {
      const [first, second] = [machine(), machine()];
      const drift = noise.next() < 0.5 ? first - second : second - first;
      return luck + change + drift + BLOCK * noise.heavy(5);
    });
    logRatios.push(...values(blocks));
    return logRatios;
  });
}

function untilTold(
  margin: number,
  { looks, assess }: Assessment,
  pair: (n: number) => readonly number[],
): Outcome {
  const most = looks.at(-1)!;
  for (let n = 1; n <= most; n++) {
    const logRatios = pair(n);
    if (!looks.includes(n)) continue;
    const { verdict } = assess(logRatios, margin);
    if (verdict !== 'inconclusive' || n === most) return { verdict, pairs: n };
  }
  throw new RangeError('Expected a last look');
}

export interface Sessions {
  /** Runs of either side, and rounds in each. */
  readonly runs: number;
  readonly rounds: number;
  readonly isMixed: boolean;
  /** Standard deviation between runs in this world, and the correlation of a run's rounds with the one before. */
  readonly between: number;
  readonly correlation: number;
}

/** Results that were not interleaved: each run has luck of its own, heavy-tailed, and rounds that remember. */
export function apart({ seed, margin, change }: Setting, sessions: Sessions): Outcome {
  const { runs, rounds, isMixed, between, correlation } = sessions;
  const noise = noiseOf(seed, 'compare apart');
  const side = (shift: number) =>
    Array.from({ length: runs }, () => {
      const luck = between * noise.heavy(5);
      const level = autocorrelated(noise, correlation);
      return Array.from({ length: rounds }, () => shift + luck + 0.05 * level());
    });
  const { verdict } = assessUnpaired(side(0), side(change), { known: SESSION_NOISE, isMixed, margin });
  return { verdict, pairs: 0 };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
