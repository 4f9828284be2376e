import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Linux's /proc on processes and the machine. `undefined` where there is no /proc (macOS), the process is gone, or it
 * belongs to another user. Synchronous: the kernel answers from memory. Fields as in proc(5).
 */

/** USER_HZ is fixed at 100 in Linux's interface, whatever the kernel's own tick. */
const NS_PER_TICK = 1e7;

/** A process, distinct from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in ticks since boot; undefined where there is no /proc. */
  readonly startTicks: number | undefined;
}

export interface ProcessStat {
  /** `R`, `S`, `T` (stopped), `Z` (zombie), ... */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly startTicks: number;
  /** User and system time of all its threads, the ended ones too. */
  readonly cpuTicks: number;
}

export function statOf(pid: number): ProcessStat | undefined {
  const fields = fieldsOf(pid);
  if (!fields) return undefined;
  return {
    state: fields[0]!,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    startTicks: Number(fields[19]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

/** The fields from the third one on, the state. */
function fieldsOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The command's name is in parentheses and may itself contain spaces and parentheses.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Limits of this process, as `ulimit` sets them. */
type Limit = 'Max open files' | 'Max file size';

/** The soft limit, in files or bytes; Infinity: none, or unknown. */
export function softLimit(name: Limit): number {
  const line = read('/proc/self/limits')
    ?.split('\n')
    .find((one) => one.startsWith(name));
  const [soft] = /\S+/.exec(line?.slice(name.length) ?? '') ?? [];
  return soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
}

/** The current process with this pid. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startTicks: statOf(pid)?.startTicks };
}

/** Whether exactly this process still runs. A zombie counts as dead: where no init reaps, it stays one for ever. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const stat = statOf(pid);
  if (stat) return !isDead(stat) && (startTicks === undefined || stat.startTicks === startTicks);
  return !hasProc() && answers(pid);
}

/** Whether a process was stopped by a signal or a debugger; undefined where that is unknown, or it is gone. */
export function isProcessStopped(pid: number): boolean | undefined {
  const stat = statOf(pid);
  return stat && (stat.state === 'T' || stat.state === 't');
}

function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether start times are available, by which processes are distinguished. */
export function hasProc(): boolean {
  return read('/proc/self/stat') !== undefined;
}

/** Every process that could be listed. */
export function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Running processes that were started with this variable in their environment. */
export function findByEnvironment(name: string, value: string): ProcessIdentity[] {
  const entry = `\0${name}=${value}\0`;
  return listPids()
    .filter((pid) => `\0${read(`/proc/${pid}/environ`) ?? ''}\0`.includes(entry))
    .map(identify)
    .filter(isAlive);
}

/**
 * CPU time of a process so far, in nanoseconds: the scheduler's own sum over its living threads where the kernel has
 * one, else ticks of 10 ms. Never a mixture, as differences need readings of one kind. A thread that ends in between
 * takes its sum along; the runtimes measured here (V8, libuv, Erlang) keep their threads.
 */
export function cpuNsOf(pid: number): number | undefined {
  const stat = statOf(pid);
  if (!stat || isDead(stat)) return undefined;
  return threadsCpuNs(pid) ?? stat.cpuTicks * NS_PER_TICK;
}

function threadsCpuNs(pid: number): number | undefined {
  let sumNs = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const runNs = read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0];
      if (runNs === undefined && thread === String(pid)) return undefined;
      sumNs += Number(runNs ?? 0);
    }
  } catch {
    return undefined;
  }
  return sumNs;
}

/**
 * CPU time of this process's ended children and of theirs, in nanoseconds, by ticks of 10 ms: once it has waited
 * for them. The difference of two readings is what ended in between.
 */
export function endedChildrenCpuNs(pid: number): number | undefined {
  const fields = fieldsOf(pid);
  return fields && (Number(fields[13]) + Number(fields[14])) * NS_PER_TICK;
}

export interface ProcessMemory {
  /** Memory in use (VmRSS). */
  readonly nowBytes: number;
  /** The most that it ever held (VmHWM). */
  readonly peakBytes: number;
}

export function memoryBytesOf(pid: number): ProcessMemory | undefined {
  const status = read(`/proc/${pid}/status`);
  const bytesOf = (field: string) => {
    const kilobytes = status?.match(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [nowBytes, peakBytes] = [bytesOf('VmRSS'), bytesOf('VmHWM')];
  return nowBytes === undefined || peakBytes === undefined ? undefined : { nowBytes, peakBytes };
}

/** The most memory that a process ever held, in bytes. */
export function peakBytesOf(pid: number): number | undefined {
  return memoryBytesOf(pid)?.peakBytes;
}

/** CPU time of the whole machine since boot, summed over its cores. */
export interface MachineCpu {
  /** Everything but idle, waiting for disks, and steal. */
  readonly busyNs: number;
  /** Taken by the hypervisor for other guests. */
  readonly stealNs: number;
  /** Busy, idle, and steal. */
  readonly totalNs: number;
}

export function machineCpu(): MachineCpu | undefined {
  const line = read('/proc/stat')?.split('\n', 1)[0];
  if (!line?.startsWith('cpu ')) return undefined;
  // user nice system idle iowait irq softirq steal; guest times after them are part of user and nice.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const at = (index: number): number => (ticks[index] ?? 0) * NS_PER_TICK;
  const totalNs = ticks.reduce((sum, n) => sum + n, 0) * NS_PER_TICK;
  return { busyNs: totalNs - at(3) - at(4) - at(7), stealNs: at(7), totalNs };
}

/** The scope of a pid: this boot and its pid namespace (a container has its own). */
export interface PidScope {
  readonly boot: string | undefined;
  readonly namespace: string | undefined;
}

export function pidScope(): PidScope {
  return { boot: read('/proc/sys/kernel/random/boot_id')?.trim(), namespace: readLink('/proc/self/ns/pid') };
}

function readLink(file: string): string | undefined {
  try {
    return path.basename(readlinkSync(file));
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
