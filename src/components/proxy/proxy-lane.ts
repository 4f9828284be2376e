import type { LinkState } from '../../faults/fault.ts';
import { NS_PER_MS, NS_PER_S } from '../../kernel/clock.ts';

/** Events in one direction of a connection; `end` is TCP's FIN, `reset` its RST. */
export type Passing =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' };

/** The time span whose bytes may pass at once after a silence. */
const BURST_NS = 20 * NS_PER_MS;

/**
 * One direction of one connection: input leaves in the same order, when the link's state allows it. Nothing is ever
 * dropped. Time is an argument: call `take` until there is nothing more, and again at `dueNs`.
 */
export interface Lane {
  readonly waitingBytes: number;
  put(passing: Passing, nowNs: number): void;
  /** Applies from now on, also to buffered input. */
  set(state: LinkState | null, nowNs: number): void;
  /** The next event that may pass now. */
  take(nowNs: number): Passing | undefined;
  /** Instant at which something may pass; Infinity: not before another event. */
  dueNs(nowNs: number): number;
}

interface Waiting {
  passing: Passing;
  readonly cameNs: number;
}

export function createLane(): Lane {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let state: LinkState | null = null;
  let bucket = createBucket(0, 0);

  const dueNs = (nowNs: number): number => {
    const first = waiting[0];
    if (!first || state?.kind === 'black-hole') return Infinity;
    if (state?.kind === 'delay') return Math.max(nowNs, first.cameNs + Math.ceil(state.ms * NS_PER_MS));
    if (state?.kind === 'bandwidth') return bucket.dueNs(sizeOf(first.passing), nowNs);
    return nowNs;
  };
  return {
    get waitingBytes() {
      return waitingBytes;
    },
    put(passing, nowNs) {
      waiting.push({ passing, cameNs: nowNs });
      waitingBytes += sizeOf(passing);
    },
    set(next, nowNs) {
      state = next;
      if (next?.kind === 'bandwidth') bucket = createBucket(next.bytesPerS, nowNs);
    },
    take(nowNs) {
      if (dueNs(nowNs) > nowNs) return undefined;
      const first = waiting[0]!;
      const most = state?.kind === 'bandwidth' ? bucket.take(sizeOf(first.passing), nowNs) : Infinity;
      const { passing, rest } = split(first.passing, most);
      if (rest) first.passing = rest;
      else waiting.shift();
      waitingBytes -= sizeOf(passing);
      return passing;
    },
    dueNs,
  };
}

function sizeOf(passing: Passing): number {
  return passing.kind === 'bytes' ? passing.bytes.length : 0;
}

function split(passing: Passing, most: number): { passing: Passing; rest?: Passing } {
  if (passing.kind !== 'bytes' || passing.bytes.length <= most) return { passing };
  const { bytes } = passing;
  return {
    passing: { kind: 'bytes', bytes: bytes.subarray(0, most) },
    rest: { kind: 'bytes', bytes: bytes.subarray(most) },
  };
}

/**
 * A token bucket, empty at first: no span passes more than its bytes and one burst. Its level is counted in bytes ×
 * nanoseconds per second, which are integers.
 */
function createBucket(bytesPerS: number, startNs: number) {
  const burst = Math.max(1, Math.floor((bytesPerS * BURST_NS) / NS_PER_S));
  let level = 0;
  let atNs = startNs;
  const fill = (nowNs: number) => {
    level = Math.min(burst * NS_PER_S, level + (nowNs - atNs) * bytesPerS);
    atNs = nowNs;
  };
  return {
    /** Due when the whole chunk, or a whole burst of it, may pass: otherwise it would pass byte by byte. */
    dueNs(size: number, nowNs: number): number {
      fill(nowNs);
      const lacking = Math.min(size, burst) * NS_PER_S - level;
      return lacking <= 0 ? nowNs : nowNs + Math.ceil(lacking / bytesPerS);
    },
    take(size: number, nowNs: number): number {
      fill(nowNs);
      const taken = Math.min(size, burst);
      level -= taken * NS_PER_S;
      return taken;
    },
  };
}
