import type { Nanoseconds } from '../../kernel/clock.ts';

/** CPU time that a set of processes had used by an instant; `cpuNs` undefined where it can't be read. */
interface CpuSample {
  readonly atNs: Nanoseconds;
  readonly cpuNs: Nanoseconds | undefined;
}

export interface CpuSpan {
  readonly from: CpuSample;
  readonly to: CpuSample;
}

/** CPU time used in a span; null = unknown: unreadable, or less at its end (another process took its place). */
export function cpuNsIn({ from, to }: CpuSpan): Nanoseconds | null {
  if (from.cpuNs === undefined || to.cpuNs === undefined || to.cpuNs < from.cpuNs) return null;
  return to.cpuNs - from.cpuNs;
}

/**
 * CPU microseconds per arrival (DESIGN 3.10): (CPU in the measured span - CPU per idle ns x the span's length) /
 * arrivals.
 * @param arrivals planned in the span: the denominator includes failures
 * @param idle a span without load, for background work (brokers)
 * @returns null = unknown; 0 where no more was used than when idle
 */
export function cpuUsPerArrival(measured: CpuSpan, arrivals: number, idle?: CpuSpan): number | null {
  const used = cpuNsIn(measured);
  const idleShare = idle ? idleCores(idle) : 0;
  if (used === null || idleShare === null || arrivals === 0) return null;
  const idleNs = idleShare * (measured.to.atNs - measured.from.atNs);
  return Math.max(0, used - idleNs) / arrivals / 1000;
}

/** Cores used in an idle span; null = unknown. */
export function idleCores(idle: CpuSpan): number | null {
  const used = cpuNsIn(idle);
  const lengthNs = idle.to.atNs - idle.from.atNs;
  return used === null || lengthNs <= 0 ? null : used / lengthNs;
}
