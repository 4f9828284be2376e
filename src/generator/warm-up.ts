import { NS_PER_MS, NS_PER_S, nowNs } from '../kernel/clock.ts';
import type { Call } from '../kernel/transport.ts';
import { sequenceOf, type Shard, WHOLE } from '../measure/schedule.ts';
import type { Messages } from './messages.ts';
import type { GeneratorPlan } from '../plan/generator-plan.ts';

export interface WarmUp {
  readonly calls: number;
  readonly failed: number;
  /** Detail of the last failed call; null where none failed. */
  readonly failure: string | null;
  /** Answered per second in the last second: the capacity as a caller sees it. */
  readonly perS: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Closed loop: `concurrency` callers, each with one call open at a time, until both the number of calls and the time
 * are reached, or the longest time in place of the number. Not a measurement of latency (DESIGN 3.1): it warms both
 * sides, and its last second shows the capacity.
 * Failing callers pause, to spare a dead service; a whole deadline without any success ends it.
 * @param shard keeps sequence numbers of a trial's generators disjoint
 */
export async function warmUp(
  settings: NonNullable<GeneratorPlan['warmUp']>,
  deadlineMs: number,
  messages: Messages,
  send: Call,
  shard: Shard = WHOLE,
): Promise<WarmUp> {
  const fromNs = nowNs();
  const endedNs: number[] = [];
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
      const message = messages.of('warm-up', sequenceOf(shard, begun++), nowNs() + deadlineMs * NS_PER_MS);
      const result = messages.check(message, await bounded(send, message, deadlineMs));
      if (result.kind === 'failure') {
        failed++;
        failure = `${result.outcome}: ${result.detail}`;
        await pause();
      } else {
        lastGoodNs = nowNs();
        endedNs.push(lastGoodNs);
      }
    }
  };
  await Promise.all(Array.from({ length: settings.concurrency }, caller));
  const toNs = nowNs();
  return { calls: begun, failed, failure, perS: rateInLastSecond(endedNs, fromNs, toNs), fromNs, toNs };
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

function rateInLastSecond(endedNs: readonly number[], fromNs: number, toNs: number): number {
  const sinceNs = Math.max(fromNs, toNs - NS_PER_S);
  const answered = endedNs.length - firstAfter(endedNs, sinceNs);
  return toNs > sinceNs ? (answered * NS_PER_S) / (toNs - sinceNs) : 0;
}

/** The instants come in order: from the end, as only the last second is wanted. */
function firstAfter(endedNs: readonly number[], sinceNs: number): number {
  let i = endedNs.length;
  while (i > 0 && endedNs[i - 1]! >= sinceNs) i--;
  return i;
}
