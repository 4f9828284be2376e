import type { StartedComponent } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import { faultByName } from '../../faults/faults.ts';
import type { Drive } from '../drive-parts.ts';
import { hitsBetween, proxyIn, type RunningProxy } from '../../components/proxy/start-proxy.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/** Executor of a fault that begins and ends at instants. Each step resolves when its effect was observed. */
export interface FaultActor {
  readonly name: string;
  apply(): Promise<void>;
  lift(): Promise<void>;
  /** Replaces `lift` where the trial ends before. */
  release?(): Promise<void>;
  /** Connections struck, by its own count; null: it does not count. */
  readonly injected: number | null;
}

/** Undefined for faults of messages or arrivals, which services and the generator know from the start. */
export function actorOf(planned: PlannedFault, d: Drive): FaultActor | undefined {
  const fault = faultByName(planned.do);
  if (fault.layer === 'process') {
    const { name, target } = targetOf(planned.on, d);
    return {
      name,
      apply: () => inTurn(target, () => fault.apply(target)),
      lift: () => inTurn(target, () => fault.lift(target)),
      release: async () => fault.release?.(target),
      injected: null,
    };
  }
  if (fault.layer !== 'connection') return undefined;
  const proxy = proxyIn(d.components, planned.on);
  if (!proxy) throw noTarget(planned.on, d.components);
  return onLink(planned.on, proxy, fault.linkState(planned.options as never));
}

const turns = new WeakMap<FaultTarget, Promise<void>>();

/**
 * Serialises faults of one process. A restart may last into the next fault, which then comes late, as its record shows,
 * instead of hitting an absent process.
 */
function inTurn(target: FaultTarget, step: () => Promise<void>): Promise<void> {
  const before = turns.get(target)?.catch(() => undefined);
  const own = before ? before.then(step) : step();
  turns.set(target, own);
  return own;
}

function onLink(name: string, proxy: RunningProxy, state: Parameters<RunningProxy['set']>[0]): FaultActor {
  let before: Awaited<ReturnType<RunningProxy['observed']>> | undefined;
  let injected: number | null = null;
  return {
    name,
    async apply() {
      before = await proxy.observed();
      await proxy.set(state);
    },
    async lift() {
      const after = await proxy.set(null);
      injected = hitsBetween(before!, after);
    },
    get injected() {
      return injected;
    },
  };
}

interface Named {
  readonly name: string;
  readonly target: FaultTarget;
}

/** A component by its name, or an alias: `service` and `broker` of the pattern, `generator`. */
function targetOf(on: string, d: Drive): Named {
  if (on === 'generator') return { name: on, target: generatorTarget(d) };
  const { spec, targets, components } = d;
  const name = on === 'broker' ? (spec.system.pattern.definition.broker?.name ?? '') : on;
  const target = targets.get(name);
  if (!target) throw noTarget(on, components);
  // The name of a target is that of its process, which differs between runs.
  return { name: on === 'service' && !spec.system.topology ? target.name : name, target };
}

function generatorTarget({ generator: { programs } }: Drive): FaultTarget {
  return {
    name: 'generator',
    pids: programs.map(({ pid }) => pid),
    signal: async (signal) => void (await Promise.all(programs.map((one) => one.signal(signal)))),
    ended: async () => void (await Promise.all(programs.map(({ ended }) => ended))),
    restart: () => Promise.reject(new CommbenchError('defect', 'The generator is never restarted')),
  };
}

function noTarget(on: string, components: readonly StartedComponent[]): CommbenchError {
  const known = components.map(({ name }) => name).join(', ') || 'none';
  return new CommbenchError('bad-scenario', `Expected a fault on one of ${known}, found ${on}`, {
    hint: '`commbench list faults` shows the possible targets of each.',
  });
}
