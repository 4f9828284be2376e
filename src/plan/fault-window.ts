import { faultByName } from '../faults/faults.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import type { IntendedTimes } from '../measure/figures/join.ts';
import type { PolicySpec } from '../policies/policies.ts';
import type { ApplicationFaultConfig, PolicySwitch } from './service-config.ts';
import type { PlannedFault } from './kinds/timeline/timeline.ts';

/** Arrivals intended while a fault lasts: sequences `from` to before `to`. */
export function windowOf(
  { atMs, forMs }: Pick<PlannedFault, 'atMs' | 'forMs'>,
  schedule: IntendedTimes,
): { from: number; to: number } {
  return {
    from: firstFrom(schedule, atMs * NS_PER_MS),
    to: firstFrom(schedule, (atMs + forMs) * NS_PER_MS),
  };
}

/** The first arrival due at that instant or later; instants never fall. */
export function firstFrom(schedule: IntendedTimes, atNs: number): number {
  let [low, high] = [0, schedule.count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (schedule.intendedNs(middle) < atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Switches of an edge's policies as its caller is configured with them. */
export function switchesOn(
  edge: string,
  faults: readonly PlannedFault[],
  stacks: Readonly<Record<string, readonly PolicySpec[]>>,
): PolicySwitch[] {
  return faults.flatMap(({ id, do: name, on, atMs, forMs, options }) => {
    const fault = faultByName(name);
    if (fault.layer !== 'policy' || on !== edge) return [];
    const policies = fault.stacks(options as never).flatMap((stack) => stacks[stack] ?? []);
    return [{ id, fromMs: atMs, toMs: atMs + forMs, policies }];
  });
}

/** Faults of messages as a service is configured with them. */
export function applicationFaultsOn(
  service: string,
  faults: readonly PlannedFault[],
  schedule: IntendedTimes,
): ApplicationFaultConfig[] {
  return faults
    .filter((fault) => fault.on === service && faultByName(fault.do).layer === 'application')
    .map((fault) => {
      return {
        id: fault.id,
        do: fault.do,
        options: { ...fault.options },
        ...windowOf(fault, schedule),
        fromMs: fault.atMs,
        toMs: fault.atMs + fault.forMs,
      };
    });
}
