import type { StartedComponent } from '../kernel/component.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
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
  const all = async (act: (target: FaultTarget) => Promise<void>) => {
    await Promise.all(targets.map(act));
  };
  return {
    name,
    get pids() {
      return targets.flatMap(({ pids }) => pids);
    },
    signal: (signal) => all((target) => target.signal(signal)),
    ended: () => all((target) => target.ended()),
    restart: () => all((target) => target.restart()),
  };
}
