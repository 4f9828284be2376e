import type { ProxyChange } from '../../components/proxy/proxy-config.ts';
import { hitsBetween, proxyIn, type RunningProxy } from '../../components/proxy/start-proxy.ts';
import type { FaultBegin, FaultEnd } from '../../faults/fault.ts';
import { faultByName } from '../../faults/faults.ts';
import type { StartedComponent } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { Appointment } from '../../kernel/program.ts';
import { lastSeen } from '../components.ts';
import type { Drive } from '../drive-parts.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/**
 * Executor of a fault that begins and ends at instants. Both steps are ordered beforehand, and resolve when their effect
 * was observed.
 */
export interface FaultActor {
  readonly name: string;
  /** What it acts on: it takes one fault at a time. */
  readonly subject: object;
  apply(at: Appointment): Promise<FaultBegin>;
  lift(at: Appointment, applied: Promise<FaultBegin>): Promise<FaultEnd>;
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
      subject: target,
      apply: (at) => fault.apply(target, at),
      lift: (at, applied) => fault.lift(target, at, applied),
      release: async () => fault.release?.(target),
      injected: null,
    };
  }
  if (fault.layer !== 'connection') return undefined;
  const proxy = proxyIn(d.components, planned.on);
  if (!proxy) throw noTarget(planned.on, d.components);
  return onLink(planned.on, proxy, fault.linkState(planned.options as never));
}

/** Its proxy carries it out: both orders reach it beforehand. */
function onLink(name: string, proxy: RunningProxy, state: Parameters<RunningProxy['set']>[0]): FaultActor {
  let before: ProxyChange['before'] | undefined;
  let injected: number | null = null;
  return {
    name,
    subject: proxy,
    async apply(at) {
      const change = await proxy.set(state, at);
      before = change.before;
      return { injectedNs: change.beganNs, observedNs: change.inForceNs };
    },
    async lift(at, applied) {
      const change = await proxy.set(null, at);
      await applied;
      injected = hitsBetween(before!, change.counts);
      return { liftedNs: change.beganNs, readyNs: change.inForceNs };
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
    signal: async (signal, at) => lastSeen(await Promise.all(programs.map((one) => one.signal(signal, at)))),
    ended: async () =>
      Math.max(...(await Promise.all(programs.map(({ ended }) => ended))).map(({ atNs }) => atNs)),
    restart: () => Promise.reject(new CommbenchError('defect', 'The generator is never restarted')),
  };
}

function noTarget(on: string, components: readonly StartedComponent[]): CommbenchError {
  const known = components.map(({ name }) => name).join(', ') || 'none';
  return new CommbenchError('bad-scenario', `Expected a fault on one of ${known}, found ${on}`, {
    hint: '`commbench list faults` shows the possible targets of each.',
  });
}
