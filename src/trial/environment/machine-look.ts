import { setTimeout as sleep } from 'node:timers/promises';
import { VALIDITY_LIMITS } from '../../measure/validity/validity.ts';
import { processTree } from '../../platform/process/process-tree.ts';
import { sampleUsage, type UsageSample, type Watched } from '../usage.ts';
import type { Testbed } from './testbed.ts';

/** Long enough for programs that come and go within a second. */
const LOOK_MS = 2000;
/** For the idle use of brokers alone. */
const IDLE_MS = 1000;

/** What other programs use; as shares of all cores, null where that is unknown. */
export interface MachineLook {
  readonly others: number | null;
}

/**
 * Looks at the machine without any traffic: what other programs use, and what the idle brokers use, which is not the
 * messages' cost. All processes of ours are up and idle.
 * @param isShown whether anybody wants to know about other programs
 * @throws what the signal was aborted with
 */
export async function lookAtMachine(
  { brokers, idleCpu, signal }: Pick<Testbed, 'brokers' | 'idleCpu' | 'signal'>,
  isShown = true,
): Promise<MachineLook> {
  const lookMs = isShown ? LOOK_MS : brokers.size > 0 ? IDLE_MS : 0;
  if (lookMs === 0) return { others: null };
  const watched = [...brokers].map(([name, { pids }]): Watched => ({ name, role: 'broker', pids }));
  const before = sampleAll(watched);
  await sleep(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  const after = sampleAll(watched);
  for (const [i, { name, used: cpuNs }] of after.cpu.entries()) {
    if (name === OURS) continue;
    idleCpu.set(name, {
      from: { atNs: before.atNs, cpuNs: before.cpu[i]!.used },
      to: { atNs: after.atNs, cpuNs },
    });
  }
  return { others: othersShare(before, after) };
}

const OURS = 'this run';

function sampleAll(brokers: readonly Watched[]): UsageSample {
  const known = new Set(brokers.flatMap(({ pids }) => pids));
  const own = processTree(process.pid).filter((pid) => !known.has(pid));
  return sampleUsage([...brokers, { name: OURS, role: 'self', pids: own }]);
}

function othersShare(before: UsageSample, after: UsageSample): number | null {
  if (!before.machine || !after.machine) return null;
  const totalNs = after.machine.totalNs - before.machine.totalNs;
  if (totalNs <= 0) return null;
  const busyNs = after.machine.busyNs - before.machine.busyNs;
  const used = ({ cpu }: UsageSample) => {
    // A broker that the run did not start would be taken for another program.
    const parts = cpu.map((one) => one.used);
    return parts.every((part) => part !== undefined) ? parts.reduce((sum, part) => sum + part, 0) : null;
  };
  const [from, to] = [used(before), used(after)];
  return from === null || to === null ? null : Math.max(0, busyNs - Math.max(0, to - from)) / totalNs;
}

/** Whether trials would be marked as disturbed. */
export function isNoisy({ others }: MachineLook): boolean {
  return (others ?? 0) > VALIDITY_LIMITS.others;
}

/** Example: `Other programs use 57 % of the cores: absolute figures will be rough, ratios within a round count`. */
export function noiseText({ others }: MachineLook): string {
  const share = Math.round(100 * (others ?? 0));
  return `Other programs use ${share} % of the cores: absolute figures will be rough, ratios within a round count`;
}

export interface Waiting {
  /** 0: go on at once. */
  readonly waitQuietMs: number;
  /** Nobody reads what the machine looks like. */
  readonly isSilent: boolean;
}

interface Looking {
  nowMs(): number;
  lookAtMachine(testbed: Testbed, isShown: boolean): Promise<MachineLook>;
}

/**
 * Looks before the first trial, and says what it sees. On a noisy machine it waits where that was asked for.
 * @throws what the signal was aborted with
 */
export async function lookBefore(
  testbed: Testbed,
  { waitQuietMs, isSilent }: Waiting,
  world: Looking,
): Promise<void> {
  const { progress } = testbed;
  let seen = await world.lookAtMachine(testbed, waitQuietMs > 0 || !isSilent);
  if (!isNoisy(seen)) return;
  const endMs = world.nowMs() + waitQuietMs;
  if (waitQuietMs > 0)
    progress.line(`Waiting for a quiet machine, at most ${Math.ceil(waitQuietMs / 1000)} s`);
  while (isNoisy(seen) && world.nowMs() < endMs) seen = await world.lookAtMachine(testbed, true);
  if (isNoisy(seen))
    progress.line(
      waitQuietMs > 0 ? `Still busy. ${noiseText(seen)}` : `${noiseText(seen)}; --wait-quiet waits`,
    );
}
