import type { Result } from '../../record/record.ts';
import { type CpuPart, cpuSlopeOf } from './cpu-slope.ts';
import { driftsOf } from './drift.ts';
import { hasBroker, type PatternResult } from './pattern-result.ts';

export interface Cpu {
  readonly us: number;
  /** Range of the rounds. */
  readonly lowUs: number;
  readonly highUs: number;
}

/**
 * CPU time adds up, so the cost of a request is the mean over the rounds, weighted by calls. Undefined where no round
 * has it.
 */
export function cpuOf(pattern: PatternResult, part: CpuPart): Cpu | undefined {
  const known = pattern.trials.latency.flatMap((trial) => {
    const us = trial.cost[part];
    return us === null ? [] : [{ us, calls: trial.planned }];
  });
  const calls = known.reduce((n, k) => n + k.calls, 0);
  if (calls === 0) return undefined;
  const all = known.map((k) => k.us);
  return {
    us: known.reduce((n, k) => n + k.us * k.calls, 0) / calls,
    lowUs: Math.min(...all),
    highUs: Math.max(...all),
  };
}

/**
 * CPU of caller, service and any broker together: of a further request where all of them were seen at two rates, else
 * with its part of what is used whatever the rate. Undefined where one of them is unknown, or drifting.
 */
export function wholeCpuUs(result: Result, pattern: PatternResult): number | undefined {
  if (driftsOf(pattern).some(({ figure }) => figure !== 'completion')) return undefined;
  const parts: CpuPart[] = [
    'callerUs',
    'serviceUs',
    ...(hasBroker(result, pattern) ? ['brokerUs' as const] : []),
  ];
  const slopes = parts.map((part) => cpuSlopeOf(pattern, part)?.us);
  const isSlope = slopes.every((us) => us !== undefined);
  const known = isSlope ? slopes : parts.map((part) => cpuOf(pattern, part)?.us);
  return known.every((us) => us !== undefined) ? known.reduce((sum, us) => sum + us, 0) : undefined;
}
