import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import { timeText } from './limit-text.ts';

/** When nothing that was done is taken for a standstill (DESIGN 3.8). */
const SILENCE_LIMITS = {
  /** Nothing for longer than this, and twice the planned work of a message. */
  longestNs: NS_PER_S,
  /** Least calls that came meanwhile, or waited. */
  calls: 10,
} as const;

/** The same as a sentence. */
export const SILENCE_RULE = `stood still: a process was stopped that no fault stops, which fails the trial; or where no fault explains it nothing was answered or done for more than ${timeText(SILENCE_LIMITS.longestNs)} and twice the work of a message, while ${SILENCE_LIMITS.calls} calls or more were sent (incomplete; of a target: disturbed), or commbench did with its load generator (incomplete)`;

/** What was asked of a part of the system, and what came of it; instants on one clock. */
export interface AskedOfPart {
  /** Instants at which something was asked of it. */
  readonly askedNs: readonly Nanoseconds[];
  /** Instants at which it did or answered anything. */
  readonly doneNs: readonly Nanoseconds[];
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  /** Planned work of a message. */
  readonly workNs: Nanoseconds;
}

/** A time in which a part did nothing of all that was asked of it. */
export interface Silence {
  readonly fromNs: Nanoseconds;
  readonly forNs: Nanoseconds;
  /** AskedOfPart meanwhile. */
  readonly calls: number;
}

/** The longest silence that only a standstill explains; undefined: there was none. */
export function silenceIn({ askedNs, doneNs, fromNs, toNs, workNs }: AskedOfPart): Silence | undefined {
  const limitNs = SILENCE_LIMITS.longestNs + 2 * workNs;
  const asked = Float64Array.from(askedNs).toSorted();
  const done = Float64Array.from(doneNs.filter((ns) => ns > fromNs && ns < toNs)).toSorted();
  let longest: Silence | undefined;
  let beforeNs = fromNs;
  for (const nextNs of [...done, toNs]) {
    const forNs = nextNs - beforeNs;
    if (forNs > limitNs && forNs > (longest?.forNs ?? 0)) {
      const calls = countIn(asked, beforeNs, nextNs);
      if (calls >= SILENCE_LIMITS.calls) longest = { fromNs: beforeNs, forNs, calls };
    }
    beforeNs = nextNs;
  }
  return longest;
}

function countIn(sorted: Float64Array, fromNs: number, toNs: number): number {
  return sorted.reduce((n, ns) => (ns >= fromNs && ns < toNs ? n + 1 : n), 0);
}
