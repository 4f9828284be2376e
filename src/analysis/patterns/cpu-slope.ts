import { NS_PER_S } from '../../kernel/clock.ts';
import { studentQuantile } from '../../measure/stats/ratio.ts';
import type { Cost, Trial } from '../../record/record.ts';
import type { PatternResult } from './pattern-result.ts';

/** A role whose CPU time is known. */
export type CpuPart = keyof Pick<Cost, 'callerUs' | 'serviceUs' | 'brokerUs'>;

/** CPU time that a further request takes, and what is used whatever the rate. */
export interface CpuSlope {
  readonly us: number;
  readonly lowUs: number;
  readonly highUs: number;
  /** Cores; of a broker, beyond what it uses when idle. */
  readonly fixedCores: number;
  /** Requests per second of CPU-sampled time, of the two rates. */
  readonly rates: readonly [lowPerS: number, highPerS: number];
}

/** The rates must be this far apart. */
const LEAST_RATIO = 1.5;
const CONFIDENCE = 0.95;

/**
 * The slope between the scenario's own rate (latency trials) and that of its trial with idle and busy blocks, both as
 * means over the span in which CPU was sampled: what is used before, after and between requests is no request's. The
 * interval is Student's, of the scatter between trials at one rate, taken to be the same share at the other. Undefined
 * without two rates, without two trials at one of them, where the slope is not told from none, and where CPU time or
 * span is unknown.
 */
export function cpuSlopeOf(pattern: PatternResult, part: CpuPart): CpuSlope | undefined {
  const { latency, idleBusy } = pattern.trials;
  const [low, high] = [latency, idleBusy]
    .map((trials) => groupOf(trials, part))
    .toSorted((a, b) => a.perS - b.perS) as [Group, Group];
  const degrees = low.degrees + high.degrees;
  // Written so that NaN, no trial, is no rate.
  if (!(high.perS >= LEAST_RATIO * low.perS) || degrees < 1) return undefined;
  const perS = high.perS - low.perS;
  const slope = (high.cores - low.cores) / perS;
  const relative = (low.squares + high.squares) / degrees;
  const variance = relative * (low.cores ** 2 / low.trials + high.cores ** 2 / high.trials);
  const half = (studentQuantile(CONFIDENCE, degrees) * Math.sqrt(variance)) / perS;
  // Not told from none: something else differed between the trials, or they scattered too much.
  if (slope <= half) return undefined;
  return {
    us: slope * US_PER_S,
    lowUs: (slope - half) * US_PER_S,
    highUs: (slope + half) * US_PER_S,
    fixedCores: low.cores - slope * low.perS,
    rates: [low.perS, high.perS],
  };
}

const US_PER_S = 1e6;

/** Trials at one rate: means, and the squares of the deviations in shares of the mean. */
interface Group {
  readonly trials: number;
  readonly perS: number;
  readonly cores: number;
  readonly squares: number;
  readonly degrees: number;
}

function groupOf(trials: readonly Trial[], part: CpuPart): Group {
  const points = trials.flatMap((trial) => pointOf(trial, part));
  const mean = (of: (point: Point) => number) => points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const cores = mean((point) => point.cores);
  return {
    trials: points.length,
    perS: mean((point) => point.perS),
    cores,
    squares: points.reduce((sum, point) => sum + (point.cores / cores - 1) ** 2, 0),
    degrees: Math.max(0, points.length - 1),
  };
}

interface Point {
  readonly perS: number;
  readonly cores: number;
}

function pointOf({ cost, planned }: Trial, part: CpuPart): Point[] {
  const us = cost[part];
  const spanNs = part === 'callerUs' ? cost.spans?.callerNs : cost.spans?.othersNs;
  if (us === null || !spanNs) return [];
  const perS = (planned * NS_PER_S) / spanNs;
  return [{ perS, cores: (us * perS) / US_PER_S }];
}
