import { nowNs } from '../kernel/clock.ts';
import type { ComponentKind } from '../kernel/component.ts';
import { cpuNsOf, machineCpu, peakBytesOf } from '../platform/process/proc.ts';

/** Role of a user of CPU or memory in a trial. `self`: this process, and trials beside it. */
export type Role = 'caller' | ComponentKind | 'self';

/** Processes that are sampled together. */
export interface Watched {
  /** Name of a component; unique in the trial. */
  readonly name: string;
  readonly role: Role;
  readonly pids: readonly number[];
}

/** Use of each component and the machine so far; undefined = unknown here. */
export interface UsageSample {
  readonly atNs: number;
  readonly cpu: readonly Used[];
  readonly machine: ReturnType<typeof machineCpu>;
}

/** CPU in nanoseconds, or memory in bytes. */
export interface Used extends Pick<Watched, 'name' | 'role'> {
  readonly used: number | undefined;
}

export function sampleUsage(watched: readonly Watched[]): UsageSample {
  return { atNs: nowNs(), cpu: watched.map((one) => usedBy(one, cpuNsOf)), machine: machineCpu() };
}

/** Peak memory of each component. */
export function peaksOf(watched: readonly Watched[]): readonly Used[] {
  return watched.map((one) => usedBy(one, peakBytesOf));
}

function usedBy({ name, role, pids }: Watched, look: (pid: number) => number | undefined): Used {
  return { name, role, used: sumOf(pids.map(look)) };
}

/** Use of all components of one role together. */
export function usedIn(all: readonly Used[], role: Role): number | undefined {
  return sumOf(all.filter((one) => one.role === role).map(({ used }) => used));
}

/** Undefined where there is nothing to sum, or any part is unknown: a partial sum would be a wrong figure. */
function sumOf(parts: readonly (number | undefined)[]): number | undefined {
  if (parts.length === 0) return undefined;
  return parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  );
}
