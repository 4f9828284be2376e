import { statSync } from 'node:fs';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { type Arrivals, outcomeAt } from '../measure/logs/arrivals.ts';
import type { Effect } from '../measure/logs/effect-log.ts';
import type { FanOutAt } from '../measure/figures/fan-out.ts';
import { transportOf } from '../plan/brokers-of.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { Drive } from './drive-parts.ts';
import { lateWorkIn } from '../plan/late-work.ts';

/** Work that continues this long after the longest silence is not waited for. */
export const DRAIN_CAP_MS = 60_000;
/** Silence after which dead-lettered work is read: it will never be done. */
const ASK_MS = 1000;
/** Silence that counts as quiescence, with everything accepted done. */
const QUIET_MS = 300;
/** Longer where services call others: these continue for callers that left, with pauses between their tries. */
const QUIET_BEHIND_MS = 1000;

/** State of the trial at the end of its load. */
export interface AfterLoad {
  readonly arrivals: Arrivals;
  /**
   * Instant at which the last fault left something to wait for (a session's end, a broker's return); null without a
   * fault.
   */
  readonly disturbedNs: number | null;
  /** Sequences that the broker dead-lettered so far, by subscriber. */
  readonly readDeadLetters: () => Promise<readonly (readonly number[])[]>;
  /** Messages that the broker still has, by subscriber. */
  readonly held: () => Promise<readonly number[]>;
}

/**
 * Waits until everything accepted is done by every subscriber, or dead-lettered, and then for a silence.
 * Work without an effect for the longest silence is lost, unless the broker still has it. While effects keep coming, or
 * the broker has messages for an absent consumer, it waits, up to the cap.
 */
export async function quiesce(
  d: Drive,
  { arrivals, disturbedNs, readDeadLetters, held }: AfterLoad,
): Promise<Rest> {
  const { spec, collector, signal, testbed } = d;
  if (!isCompletionObserved(d)) return { open: 0, capMs: null };
  testbed.progress.phase({ name: 'draining', secondsLeft: null });
  const silenceMs = longestSilenceMs(d);
  const open = remainingBacklog(arrivals, collector.effects, lateWorkIn(spec));
  const isDone = () => open.count() === 0;
  const drainFor = (stallMs: number) =>
    collector.drain(isDone, { stallMs, capMs: stallMs + DRAIN_CAP_MS }, signal);

  let drained = await drainFor(Math.min(ASK_MS, silenceMs));
  if (drained === 'stalled') {
    open.close(await readDeadLetters());
    drained = await drainFor(silenceMs);
  }
  for (let waits = 0; drained === 'stalled' && sumOf(await held()) > 0; waits++) {
    if (waits * silenceMs >= DRAIN_CAP_MS) return { open: open.count(), capMs: null };
    drained = await drainFor(silenceMs);
  }
  if (drained === 'capped') return { open: open.count(), capMs: silenceMs + DRAIN_CAP_MS };
  // Messages in a killed consumer's hand may be delivered again, but only when its session is over.
  const quietNs = (disturbedNs ?? -Infinity) + (sessionEndMs(spec) ?? 0) * NS_PER_MS;
  await collector.until(() => nowNs() >= quietNs, silenceMs, signal);
  const quietMs = spec.system.topology ? QUIET_BEHIND_MS : QUIET_MS;
  await collector.quiet(quietMs, silenceMs, signal, () => bytesOf(d.hopLogs));
  return { open: open.count(), capMs: null };
}

/** State at the end of the wait. */
export interface Rest {
  /** Accepted calls that are not done. */
  readonly open: number;
  /** The cap, if effects still came when it was reached; else null. */
  readonly capMs: number | null;
}

/**
 * Reasons in words why there was no quiescence.
 * @param held messages of the broker once no service had any in hand
 */
export function whyNotQuiet({ open, capMs }: Rest, held: readonly number[]): string[] {
  const messages = sumOf(held);
  if (capMs !== null) return [`${open} accepted calls were still being processed after ${capMs / 1000} s`];
  if (messages === 0) return [];
  const calls = open === 1 ? '1 accepted call was' : `${open} accepted calls were`;
  const theirs = `${messages} ${messages === 1 ? 'message' : 'messages'}`;
  return [
    `${calls} not done, and the broker still had ${theirs} for consumers that did not take them: late, not lost`,
  ];
}

/** Whether completion is known: from services of ours, or from the reader of a target's completion queue. */
export function isCompletionObserved({ spec }: Pick<Drive, 'spec'>): boolean {
  const { target } = spec.system.pattern;
  return target === undefined || target.completion !== undefined;
}

/** Hop logs grow as long as any activity goes on, even without effects. */
function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Silence after which missing work is lost, unless the broker still has it. */
export function longestSilenceMs(d: Drive): number {
  return Math.max(d.spec.load.drainMs, sessionEndMs(d.spec) ?? 0);
}

/** The longest time until a broker gives up the session of a consumer that is gone; undefined: there is none. */
export function sessionEndMs({ system: { pattern, topology } }: TrialSpec): number | undefined {
  const own = pattern.definition.quiescenceMs?.(pattern.options, pattern.interaction);
  const ofEdges = topology?.edges.map(({ transport, options, interaction }) => {
    const definition = transportOf(pattern, transport);
    return definition.quiescenceMs?.(definition.options.parse(options), interaction);
  });
  const known = [own, ...(ofEdges ?? [])].filter((ms) => ms !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** Accepted arrivals with fewer effects than expected. */
export interface RemainingBacklog {
  /** Reads the effects since the last call. */
  count(): number;
  /** Removes dead-lettered work, by subscriber. */
  close(readDeadLetters: readonly (readonly number[])[]): void;
}

export function remainingBacklog(
  arrivals: Arrivals,
  effects: readonly Effect[],
  expected: FanOutAt,
): RemainingBacklog {
  /** By subscriber: missing effects of each arrival. */
  const open: Map<number, number>[] = [];
  for (let i = 0; i < arrivals.count; i++) {
    if (outcomeAt(arrivals, i) !== 'ok') continue;
    for (const [subscriber, times] of expected(i).entries()) {
      if (times > 0) (open[subscriber] ??= new Map()).set(i, times);
    }
  }
  let counted = 0;
  const take = (subscriber: number, sequence: number) => {
    const left = (open[subscriber]?.get(sequence) ?? 0) - 1;
    if (left > 0) open[subscriber]!.set(sequence, left);
    else open[subscriber]?.delete(sequence);
  };
  return {
    count() {
      for (; counted < effects.length; counted++) {
        const { stage, subscriber, sequence } = effects[counted]!;
        if (stage === 'measured') take(subscriber, sequence);
      }
      return open.reduce((sum, { size }) => sum + size, 0);
    },
    close(readDeadLetters) {
      for (const [i, sequences] of readDeadLetters.entries()) for (const s of sequences) open[i]?.delete(s);
    },
  };
}
