import { findProcesses, type Found } from '../processes.ts';
import type { Ground } from './ground.ts';
import type { Victim } from './course.ts';
import type { Started } from './started.ts';

/** How each of them looks in a list of processes. */
const LOOKS_LIKE = {
  launcher: /bin\/commbench(\.js)? run/,
  cli: /src\/cli\.ts run/,
  reaper: /process\/reaper\.ts/,
  generator: /generator\/generator\.ts/,
  service: /service\/service\.ts/,
  proxy: /proxy\/proxy\.ts/,
  broker: /beam\.smp| kafka\.Kafka /,
} as const;

/** Pids of all that look like it. */
export function pidsOf(name: keyof typeof LOOKS_LIKE, { home }: Ground): number[] {
  return findProcesses(home).flatMap(({ pid, command }) => (LOOKS_LIKE[name].test(command) ? [pid] : []));
}

const MANY: Partial<Record<Victim, readonly (keyof typeof LOOKS_LIKE)[]>> = {
  'cli+reaper': ['reaper', 'cli'],
};

/** @returns whether there was somebody to kill */
export function kill(victim: Victim, { child }: Started, ground: Ground): boolean {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (child.pid === undefined || hasEnded) return false;
  if (victim === 'npx') return signal(child.pid, 'SIGTERM');
  if (victim === 'npx -9') return signal(child.pid, 'SIGKILL');
  if (victim === 'ctrl-c') return signal(-child.pid, 'SIGINT');
  const all = findProcesses(ground.home);
  const wanted = MANY[victim] ?? [victim as keyof typeof LOOKS_LIKE];
  const found = wanted.map((name) => all.find(({ command }) => LOOKS_LIKE[name].test(command)));
  if (!found.every((it) => it !== undefined)) return false;
  // Found first, then killed in one breath: neither may notice the other's end.
  return found.map(({ pid }) => signal(pid, 'SIGKILL')).every((isDone) => isDone);
}

/** A short name for the evidence, without paths of this machine. */
export function nameOf({ command, stopped }: Found): string {
  const known = Object.entries(LOOKS_LIKE).find(([, look]) => look.test(command))?.[0];
  const words = command.split(' ').slice(0, 3);
  const name = known ?? words.map((word) => word.split('/').pop()).join(' ');
  return stopped ? `${name} (stopped)` : name;
}

export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
