import { nowNs } from '../kernel/clock.ts';
import type { Connection } from '../kernel/transport.ts';
import { createSchedule } from '../measure/schedule.ts';
import { createMessages, type Messages } from './messages.ts';
import { runOpenLoop } from './open-loop.ts';
import type { Pace } from './pacing/pace.ts';
import type { AddressedPlan } from '../plan/generator-plan.ts';
import { contractByName } from '../contracts/contracts.ts';
import { warmUp } from './warm-up.ts';

/**
 * Code that is still being compiled takes up to 0.3 ms a call. From this rate on that shows: at 2,000/s the schedule's
 * error at p99 was 5.4 ms without a rehearsal and 1.2 ms with one, at 500/s 1.4 and 0.5. It costs some 0.3 s of CPU;
 * below this rate too few arrivals gain by it.
 */
export const REHEARSED_PER_S = 400;
/** The first calls cost ten times as much as later ones; after this many, most of that is over. */
const CALLS = 1500;
const CONCURRENCY = 8;
const OPEN_LOOP_MS = 100;
const DEADLINE_MS = 1000;

/**
 * Runs the generator's code on a counterpart of the transport's own. A target without warm-up would otherwise get its
 * first load from code that is still being compiled: at 5,000/s a backlog of 50 ms. The results are discarded.
 */
export async function rehearse(
  plan: AddressedPlan,
  connection: Connection,
  pace: Pace,
  ratePerS: number,
): Promise<void> {
  const messages: Messages = createMessages(
    // The counterpart knows no contract.
    { ...plan, address: { ...plan.address, path: '/' } },
    contractByName(plan.contract),
  );
  const { send } = connection;
  await warmUp(
    { calls: CALLS, concurrency: CONCURRENCY, forMs: 0, mostMs: null },
    DEADLINE_MS,
    messages,
    send,
  );
  await runOpenLoop({
    stage: 'warm-up',
    schedule: createSchedule({ shape: 'constant', ratePerS }, OPEN_LOOP_MS, plan.seed),
    shard: { index: 0, count: 1 },
    startNs: nowNs(),
    messages,
    send,
    pace,
    deadlineMs: DEADLINE_MS,
    drainMs: DEADLINE_MS,
  });
}
