import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { type Arrivals, outcomeAt } from '../measure/arrivals.ts';
import type { Effect } from '../measure/effect-log.ts';
import type { Drive } from './drive.ts';

/** Work that still goes on so long after the longest silence is not waited for. */
export const DRAIN_CAP_MS = 60_000;
/** After so short a silence it is asked what was put aside: nobody will do that. */
const ASK_MS = 1000;
/** No effect for so long, with everything accepted done: quiescence. */
const QUIET_MS = 300;

/** Where the trial stands when its load is over. */
export interface AfterLoad {
  readonly arrivals: Arrivals;
  /** When the last fault left somebody to be waited for (a session to end, a broker to come back); null without a fault. */
  readonly disturbedNs: number | null;
  /** What the broker put aside so far, by subscriber. */
  readonly putAside: () => Promise<readonly (readonly number[])[]>;
  /** How many messages the broker still has, by subscriber. */
  readonly held: () => Promise<readonly number[]>;
}

/**
 * Until everything accepted is done by every subscriber, or put aside, and no effect came for a while. What
 * nothing was heard of for the longest silence is lost; as long as effects keep coming, or the broker still
 * has messages for somebody who has not come back, nothing is, and past the cap that is said.
 * @returns what keeps the trial from being judged, in words
 */
export async function quiesce(
  d: Drive,
  { arrivals, disturbedNs, putAside, held }: AfterLoad,
): Promise<string[]> {
  const { spec, collector, service, signal, rig } = d;
  if (!service) return [];
  rig.progress.phase('draining', null);
  const silenceMs = longestSilenceMs(d);
  const open = openWork(arrivals, collector.effects, spec.row.subscribers);
  const isDone = () => open.count() === 0;
  const drainFor = (stallMs: number) =>
    collector.drain(isDone, { stallMs, capMs: stallMs + DRAIN_CAP_MS }, signal);

  let drained = await drainFor(Math.min(ASK_MS, silenceMs));
  if (drained === 'stalled') {
    open.close(await putAside());
    drained = await drainFor(silenceMs);
  }
  let heldNow = 0;
  for (let waits = 0; drained === 'stalled' && (heldNow = sumOf(await held())) > 0; waits++) {
    if (waits * silenceMs >= DRAIN_CAP_MS) return [stillHeld(open.count(), heldNow)];
    drained = await drainFor(silenceMs);
  }
  if (drained === 'capped') {
    const cap = (silenceMs + DRAIN_CAP_MS) / 1000;
    return [`${open.count()} accepted calls were still being worked off after ${cap} s`];
  }
  // What a killed consumer had in hand may be given out a second time, but only when its session is over.
  const quietNs = (disturbedNs ?? -Infinity) + (silenceOf(d) ?? 0) * NS_PER_MS;
  await collector.until(() => nowNs() >= quietNs, silenceMs, signal);
  await collector.quiet(QUIET_MS, silenceMs, signal);
  return [];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function stillHeld(calls: number, messages: number): string {
  const theirs = `the broker still had ${messages} messages for consumers that did not take them`;
  return `${calls} accepted calls were not done, and ${theirs}: late, not lost`;
}

/** After so much silence what is missing is lost, unless the broker still has it. */
export function longestSilenceMs(d: Drive): number {
  return Math.max(d.spec.drainMs, silenceOf(d) ?? 0);
}

function silenceOf({ spec: { row } }: Drive): number | undefined {
  return row.definition.quiescenceMs?.(row.options, row.interaction);
}

/** Accepted arrivals that some subscriber has not done yet. */
export interface OpenWork {
  /** Looks at what came since the last time. */
  count(): number;
  /** Takes out what was put aside, by subscriber. */
  close(putAside: readonly (readonly number[])[]): void;
}

export function openWork(arrivals: Arrivals, effects: readonly Effect[], subscribers: number): OpenWork {
  const open = Array.from({ length: subscribers }, () => new Set<number>());
  for (let i = 0; i < arrivals.count; i++) {
    if (outcomeAt(arrivals, i) === 'ok') for (const set of open) set.add(i);
  }
  let seen = 0;
  return {
    count() {
      for (; seen < effects.length; seen++) {
        const { stage, subscriber, sequence } = effects[seen]!;
        if (stage === 'measured') open[subscriber]?.delete(sequence);
      }
      return open.reduce((sum, { size }) => sum + size, 0);
    },
    close(putAside) {
      for (const [i, sequences] of putAside.entries()) for (const s of sequences) open[i]?.delete(s);
    },
  };
}
