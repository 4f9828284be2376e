import { NS_PER_MS, NS_PER_S, nowNs } from '../kernel/clock.ts';
import type { Call } from '../kernel/transport.ts';
import { sequenceOf, type Shard, WHOLE } from '../measure/schedule.ts';
import { median } from '../measure/stats/median.ts';
import type { Messages } from './messages.ts';
import type { GeneratorPlan } from '../plan/generator-plan.ts';

export interface WarmUp {
  readonly calls: number;
  readonly failed: number;
  /** Detail of the last failed call; null where none failed. */
  readonly failure: string | null;
  /** Answered per second in the last second. */
  readonly perS: number;
  /** Median time from sending to the answer, of calls answered in the last second; null: there was none. */
  readonly p50Ns: number | null;
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Closed loop: `concurrency` callers, each with one call open at a time, until both the number of calls and the time
 * are reached, or the longest time in place of the number. Not a measurement of latency under a rate (DESIGN 3.1): it
 * warms both sides, and its last second shows how many calls so many callers get answered.
 * Failing callers pause, to spare a dead service; a whole deadline without any success ends it.
 * @param shard keeps sequence numbers of a trial's generators disjoint
 * @param first calls that this generator made before, whose sequence numbers are taken
 */
export async function warmUp(
  settings: NonNullable<GeneratorPlan['warmUp']>,
  deadlineMs: number,
  messages: Messages,
  send: Call,
  shard: Shard = WHOLE,
  first = 0,
): Promise<WarmUp> {
  const fromNs = nowNs();
  const endedNs: number[] = [];
  const tookNs: number[] = [];
  let begun = 0;
  let failed = 0;
  let failure: string | null = null;
  let lastGoodNs = fromNs;
  const isEnough = (): boolean => {
    const ms = (nowNs() - fromNs) / NS_PER_MS;
    return ms >= settings.forMs && (begun >= settings.calls || ms >= (settings.mostMs ?? Infinity));
  };
  const isHopeless = (): boolean => nowNs() - lastGoodNs > Math.max(1000, 2 * deadlineMs) * NS_PER_MS;

  const caller = async (): Promise<void> => {
    while (!isEnough() && !isHopeless()) {
      const sentNs = nowNs();
      const message = messages.of(
        'warm-up',
        sequenceOf(shard, first + begun++),
        sentNs + deadlineMs * NS_PER_MS,
      );
      const result = messages.check(message, await bounded(send, message, deadlineMs));
      if (result.kind === 'failure') {
        failed++;
        failure = `${result.outcome}: ${result.detail}`;
        await pause();
      } else {
        lastGoodNs = nowNs();
        endedNs.push(lastGoodNs);
        tookNs.push(lastGoodNs - sentNs);
      }
    }
  };
  await Promise.all(Array.from({ length: settings.concurrency }, caller));
  const toNs = nowNs();
  const sinceNs = Math.max(fromNs, toNs - NS_PER_S);
  const last = tookNs.slice(firstAfter(endedNs, sinceNs));
  return {
    calls: begun,
    failed,
    failure,
    perS: toNs > sinceNs ? (last.length * NS_PER_S) / (toNs - sinceNs) : 0,
    p50Ns: last.length === 0 ? null : median(last),
    fromNs,
    toNs,
  };
}

async function bounded(send: Call, message: Parameters<Call>[0], deadlineMs: number) {
  const cancel = new AbortController();
  const timer = setTimeout(() => cancel.abort(), deadlineMs);
  try {
    return await send(message, { signal: cancel.signal });
  } finally {
    clearTimeout(timer);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 5));
}

/** The instants come in order: from the end, as only the last second is wanted. */
function firstAfter(endedNs: readonly number[], sinceNs: number): number {
  let i = endedNs.length;
  while (i > 0 && endedNs[i - 1]! >= sinceNs) i--;
  return i;
}
