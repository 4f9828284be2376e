import type { Cost, Result } from '../../record/record.ts';
import { hasBroker, type PatternResult } from './pattern-result.ts';

export type CpuPart = keyof Pick<Cost, 'callerUs' | 'serviceUs' | 'brokerUs'>;

export interface Cpu {
  readonly us: number;
  /** Of the rounds. */
  readonly lowUs: number;
  readonly highUs: number;
}

/**
 * CPU time adds up, so the mean over the rounds, weighted by their calls, is the cost of a request;
 * undefined where no round knows it.
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

/** Of caller, service and (where there is one) broker together; undefined where one of them is not known. */
export function wholeCpuUs(result: Result, pattern: PatternResult): number | undefined {
  const parts: CpuPart[] = [
    'callerUs',
    'serviceUs',
    ...(hasBroker(result, pattern) ? ['brokerUs' as const] : []),
  ];
  const known = parts.map((part) => cpuOf(pattern, part)?.us);
  return known.every((us) => us !== undefined) ? known.reduce((sum, us) => sum + us, 0) : undefined;
}
