import { NS_PER_MS } from '../kernel/clock.ts';
import type { StartedComponent } from '../kernel/component.ts';
import { faultByName } from '../faults/faults.ts';
import { brokersOf } from '../plan/brokers-of.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { RunningGenerator } from './environment/generator-run.ts';
import type { WatchedPart } from './standstill.ts';

/** Timers before a planned stop, and the longest wait for its end: what is longer shows in the fault's own record. */
const SLACK_MS = { before: 50, after: 1100 };

/** Parts of a trial whose processes must not stand still, but where a fault has them stopped. */
export function watchedParts(spec: TrialSpec, components: readonly StartedComponent[]): WatchedPart[] {
  return components.map((component) => {
    return {
      component,
      title: titleOf(spec, component),
      // Anew each time: of a session that goes on, faults come and end.
      get planned() {
        return plannedOn(spec, component);
      },
    };
  });
}

export function watchedGenerator(spec: TrialSpec, { programs }: RunningGenerator): WatchedPart {
  const component = { name: 'generator', pids: programs.map(({ pid }) => pid) };
  return { component, title: 'the load generator', planned: plannedOn(spec, component) };
}

function titleOf({ system: { pattern, topology } }: TrialSpec, { kind, name }: StartedComponent): string {
  switch (kind) {
    case 'broker':
      return brokersOf(pattern, topology).find((broker) => broker.name === name)?.title ?? name;
    case 'service':
      return name.startsWith('service') ? `the ${name.replace('/', ' ')}` : `the service ${name}`;
    case 'proxy':
      return `the proxy on ${name}`;
    case 'observer':
      return 'the reader of the completion queue';
  }
}

/** Process faults on it: a killed process may be seen as stopped on its way, too. */
function plannedOn(
  { faults, system }: TrialSpec,
  { name }: Pick<StartedComponent, 'name'>,
): WatchedPart['planned'] {
  const own = faults.filter(({ do: what, on }) => {
    const target = on === 'broker' ? system.pattern.definition.broker?.name : on;
    return faultByName(what).layer === 'process' && target === name.split('/')[0];
  });
  return own.map(({ atMs, forMs }) => ({
    fromNs: (atMs - SLACK_MS.before) * NS_PER_MS,
    toNs: (atMs + forMs + SLACK_MS.after) * NS_PER_MS,
  }));
}
