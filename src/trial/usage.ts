import { nowNs } from '../kernel/clock.ts';
import { cpuNsOf, machineCpu, peakBytesOf } from '../platform/process/proc.ts';

/** CPU nanoseconds used so far, of the processes that a trial concerns and of the machine; undefined = unknown here. */
export interface UsageSample {
  readonly atNs: number;
  readonly service: number | undefined;
  readonly broker: number | undefined;
  readonly caller: number | undefined;
  /** This process and proxies: the use of who looks and who breaks belongs to us, not to "others". */
  readonly self: number | undefined;
  readonly machine: ReturnType<typeof machineCpu>;
}

export interface Watched {
  /** Every generator of the trial. */
  readonly caller: readonly number[];
  /** Every service of the trial. */
  readonly service: readonly number[];
  readonly broker: readonly number[];
  /** What we put between them. */
  readonly aside?: readonly number[];
}

export function sampleUsage(pids: Watched): UsageSample {
  return {
    atNs: nowNs(),
    caller: sumOf(pids.caller),
    service: sumOf(pids.service),
    broker: sumOf(pids.broker),
    self: sumOf([process.pid, ...(pids.aside ?? [])]),
    machine: machineCpu(),
  };
}

/** Undefined where there is nothing to sum, or any part is unknown: a partial sum would be a wrong figure. */
function sumOf(pids: readonly number[]): number | undefined {
  if (pids.length === 0) return undefined;
  let sum = 0;
  for (const pid of pids) {
    const ns = cpuNsOf(pid);
    if (ns === undefined) return undefined;
    sum += ns;
  }
  return sum;
}

/** The most memory that the services and the broker ever held, in bytes; null = unknown. */
export interface Peaks {
  readonly service: number | null;
  readonly broker: number | null;
}

export function peaksOf(pids: Watched): Peaks {
  return { service: peakOf(pids.service), broker: peakOf(pids.broker) };
}

function peakOf(pids: readonly number[]): number | null {
  if (pids.length === 0) return null;
  let sum = 0;
  for (const pid of pids) {
    const bytes = peakBytesOf(pid);
    if (bytes === undefined) return null;
    sum += bytes;
  }
  return sum;
}
