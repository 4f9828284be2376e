import type { Nanoseconds } from '../../kernel/clock.ts';
import type {
  Component,
  ComponentRoute,
  CountsBytes,
  ExpectsLoad,
  StartedComponent,
} from '../../kernel/component.ts';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { ProgramEnd } from '../../kernel/program.ts';
import type { Address } from '../../kernel/transport.ts';
import type { HubMessage } from '../../platform/ipc/hub.ts';
import type { ChildHost } from '../../platform/process/child.ts';
import { entryFile } from '../../platform/process/entry.ts';
import { startHubProcess } from '../../platform/process/hub-process.ts';
import { REVIVED_AFTER_MS } from '../../plan/revival.ts';
import type { HopConfig, ServiceConfig, ServiceOrder, ServiceTimeline } from '../../plan/service-config.ts';
import { builtIn } from '../built-in.ts';

const READY_MS = 30_000;

/** A service process under our control: it can be signalled, and restarted at the same address. */
export interface RunningService extends StartedComponent, CountsBytes, ExpectsLoad {
  /** Replaces the part of the timeline that it carries out; one that is down follows it from its restart on. */
  follow(timeline: ServiceTimeline): Promise<void>;
  /** The first of its endpoints; those of `hop.listens` follow it, in their order. */
  readonly address: Address;
  readonly faultTarget: FaultTarget;
}

export type ServiceSettings = Omit<ServiceConfig, 'version' | 'mark' | 'socketPath'>;

/** Called at an unordered end of the process: returns the settings of its restart, if that end was planned. */
export type Revive = (hop: HopConfig, end: ProgramEnd) => RevivedHop | undefined;

interface RevivedHop {
  readonly hop: HopConfig;
  /** Called when the process is ready again. */
  ready(): void;
}

/**
 * A service of a trial.
 * @param name by which faults refer to it
 * @param settingsOf its settings from its routes, the addresses of its services
 */
export function serviceComponent(
  host: ChildHost,
  name: string,
  settingsOf: (routes: readonly ComponentRoute[]) => ServiceSettings,
  revive: Revive,
): Component<RunningService> {
  return builtIn({ name, kind: 'service' }, async ({ signal }, routes) =>
    Object.assign(await startService(host, settingsOf(routes), signal, revive), { name }),
  );
}

/**
 * Starts a service and waits until it is ready.
 * @throws CommbenchError child-failed with its last output
 */
export async function startService(
  host: ChildHost,
  settings: ServiceSettings,
  signal: AbortSignal,
  revive: Revive = () => undefined,
): Promise<RunningService> {
  const { name, ...first } = settings;
  let current = first;
  const started = await startHubProcess(host, {
    name,
    entry: entryFile(import.meta.url, './service'),
    graceMs: 2000,
    readyMs: READY_MS,
    signal,
    settings: () => current,
    // The first start uses the address of its settings or chooses one; restarts reuse it.
    onReady: (line) => (current = placed(current, line)),
    revive(end) {
      const next = current.hop ? revive(current.hop, end) : undefined;
      if (!next) return undefined;
      current = { ...current, hop: next.hop };
      return { afterMs: REVIVED_AFTER_MS, ready: () => next.ready() };
    },
  });
  const address = current.address!;
  const listens = current.hop?.listens.map((listen) => listen.address!) ?? [];
  return Object.assign(started, {
    name,
    kind: 'service' as const,
    address,
    endpoints: [address, ...listens],
    async expectLoad(loadStartNs: Nanoseconds) {
      if (!current.hop || !actsByClock(current.hop)) return;
      // A restarted process reads it from its settings.
      current = { ...current, hop: { ...current.hop, loadStartNs } };
      const order = { type: 'expect', loadStartNs } satisfies ServiceOrder;
      await started.ask(order, 'expecting');
    },
    async follow(timeline: ServiceTimeline) {
      if (!current.hop) return;
      const edges = current.hop.edges.map((edge) => {
        return { ...edge, switches: timeline.switches[edge.id] ?? [] };
      });
      const { loadStartNs, faults } = timeline;
      current = { ...current, hop: { ...current.hop, edges, faults, loadStartNs } };
      // One that is down reads it when it starts again.
      if (started.pids.length === 0) return;
      try {
        await started.ask({ type: 'follow', ...timeline } satisfies ServiceOrder, 'expecting');
      } catch (error) {
        // Killed meanwhile.
        if (started.pids.length > 0) throw error;
      }
    },
    async wireBytes() {
      const { sent, received } = await started.ask({ type: 'count' }, 'counted');
      return { sent: Number(sent), received: Number(received) };
    },
  });
}

/** It must know when the load starts. */
function actsByClock({ faults, edges }: HopConfig): boolean {
  return faults.length > 0 || edges.some(({ switches }) => switches.length > 0);
}

type Placed = Pick<ServiceConfig, 'address' | 'hop'>;

/** Settings with the addresses that the service reported. */
function placed<T extends Placed>(settings: T, ready: HubMessage): T {
  const address = ready['address'] as Address;
  const more = (ready['listens'] ?? []) as readonly Address[];
  const { hop } = settings;
  if (!hop) return { ...settings, address };
  const listens = hop.listens.map((listen, i) => ({ ...listen, address: more[i] ?? listen.address }));
  return { ...settings, address, hop: { ...hop, listens } };
}
