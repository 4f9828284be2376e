import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { createSchedule, sequenceOf, type Shard, WHOLE } from '../measure/schedule.ts';
import { isSteady, median } from '../measure/validity/steady-state.ts';
import { type Arrivals, outcomeAt } from '../measure/logs/arrivals.ts';
import { type OpenLoop, runOpenLoop } from './open-loop.ts';

export interface SteadyState {
  readonly calls: number;
  readonly isSteady: boolean;
  /** Median service time of each window. */
  readonly windowP50Ns: readonly number[];
}

/** Time to start a window. */
const LEAD_NS = 5 * NS_PER_MS;

/**
 * Unmeasured arrivals by the same pacing and at the rate with which the load begins, window by
 * window, until service times have settled: what is measured next is what was running already.
 * @param ratePerS this generator's own
 * @param shard no two generators of one trial use a number twice
 */
export async function steadyState(
  { window, maxWindows }: { window: number; maxWindows: number },
  ratePerS: number,
  load: Omit<OpenLoop, 'stage' | 'schedule' | 'shard' | 'startNs' | 'onSent'>,
  shard: Shard = WHOLE,
): Promise<SteadyState> {
  const windowP50Ns: number[] = [];
  let calls = 0;
  while (windowP50Ns.length < maxWindows && !isSteady(windowP50Ns)) {
    const whole = createSchedule({ shape: 'constant', ratePerS }, (window / ratePerS) * 1000, 0);
    const arrivals = await runOpenLoop({
      ...load,
      stage: 'steady-state',
      schedule: whole,
      // Numbers go on from window to window.
      shard: { index: sequenceOf(shard, calls), count: shard.count },
      startNs: nowNs() + LEAD_NS,
    });
    calls += whole.count;
    windowP50Ns.push(median(serviceTimes(arrivals)));
  }
  return { calls, isSteady: isSteady(windowP50Ns), windowP50Ns };
}

function serviceTimes(arrivals: Arrivals): number[] {
  const times: number[] = [];
  for (let i = 0; i < arrivals.count; i++) {
    if (outcomeAt(arrivals, i) === 'ok') times.push(arrivals.acknowledgedNs[i]! - arrivals.dispatchedNs[i]!);
  }
  return times;
}
