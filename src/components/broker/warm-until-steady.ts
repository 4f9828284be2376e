import { type Clock, monotonicClock, type Nanoseconds } from '../../kernel/clock.ts';
import { isSteady } from '../../measure/validity/steady-state.ts';

/** Windows of a warm-up. */
export interface WarmedUp {
  /** Cost of a message in each window. */
  readonly costsNs: readonly Nanoseconds[];
  readonly isSteady: boolean;
}

interface Bounds {
  readonly windows: number;
  /** Instant on the monotonic clock after which no window begins. */
  readonly untilNs: Nanoseconds;
}

/**
 * Pushes windows of messages until the cost of one falls no more, by the rule of a trial's warm-up. A broker that is warm
 * already takes the fewest windows.
 * @param pushWindow pushes one window; its cost per message: CPU time, or latency where that is unknown
 */
export async function warmUntilSteady(
  pushWindow: () => Promise<Nanoseconds>,
  most: Bounds,
  clock: Clock = monotonicClock,
): Promise<WarmedUp> {
  const costsNs: Nanoseconds[] = [];
  const isOver = () => costsNs.length >= most.windows || (costsNs.length > 0 && clock.nowNs() > most.untilNs);
  while (!isOver() && !isSteady(costsNs)) costsNs.push(await pushWindow());
  return { costsNs, isSteady: isSteady(costsNs) };
}
