import type { StartedComponent } from '../kernel/component.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { SignalSeen } from '../kernel/program.ts';
import { brokersOf } from '../plan/brokers-of.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { Testbed } from './environment/testbed.ts';

/** Components of a trial except its generator: those started for it, and the run's brokers. */
export function componentsOf(
  testbed: Testbed,
  { system: { pattern, topology } }: TrialSpec,
  parts: readonly StartedComponent[],
): StartedComponent[] {
  return [...parts, ...brokersOf(pattern, topology).flatMap(({ name }) => testbed.brokers.get(name) ?? [])];
}

/** @throws CommbenchError child-failed when a component ends unplanned; never resolves */
export async function untilLost(components: readonly StartedComponent[]): Promise<never> {
  const words = await Promise.race(components.map(lossOf));
  throw new CommbenchError('child-failed', words);
}

async function lossOf({ kind, name, lost }: StartedComponent): Promise<string> {
  const words = await lost;
  return kind === 'broker'
    ? `the broker ${name} was lost during the trial; its last output: ${words}`
    : words;
}

/**
 * Targets of process faults, by name. Several components `name/1`, `name/2`, … are one target, which is killed, frozen
 * and started again together.
 * @param trial its name, for that of several together
 */
export function targetsIn(components: readonly StartedComponent[], trial: string): Map<string, FaultTarget> {
  const named = components.flatMap(({ name, faultTarget }) => {
    return faultTarget ? [{ name: name.split('/')[0]!, target: faultTarget }] : [];
  });
  const groups = Map.groupBy(named, ({ name }) => name);
  return new Map(
    [...groups].map(([name, members]) => {
      const targets = members.map(({ target }) => target);
      return [name, targets.length === 1 ? targets[0]! : together(`${name}-${trial}`, targets)];
    }),
  );
}

function together(name: string, targets: readonly FaultTarget[]): FaultTarget {
  const all = <T>(act: (target: FaultTarget) => Promise<T>) => Promise.all(targets.map(act));
  return {
    name,
    get pids() {
      return targets.flatMap(({ pids }) => pids);
    },
    signal: async (signal, at) => lastSeen(await all((target) => target.signal(signal, at))),
    ended: async () => {
      const ends = await all((target) => target.ended());
      return Math.max(...ends.map((atNs) => atNs ?? -Infinity));
    },
    restart: async () => void (await all((target) => target.restart())),
  };
}

/** A signal to several, as the last of them was observed; undefined where one was not. */
export function lastSeen(all: readonly (SignalSeen | undefined)[]): SignalSeen | undefined {
  const seen = all.filter((one) => one !== undefined);
  if (seen.length < all.length || seen.length === 0) return undefined;
  return {
    sentNs: Math.max(...seen.map(({ sentNs }) => sentNs)),
    seenNs: Math.max(...seen.map(({ seenNs }) => seenNs)),
    wasStopped: seen.every(({ wasStopped }) => wasStopped),
  };
}
