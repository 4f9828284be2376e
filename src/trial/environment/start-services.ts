import { isQueued } from '../../contracts/interactions.ts';
import { reviveAfterOwnEnd, type OwnEnd } from '../../components/service/own-ends.ts';
import {
  type RunningService,
  serviceComponent,
  type ServiceSettings,
} from '../../components/service/start-service.ts';
import { allOf } from '../../kernel/wait.ts';
import type { ComponentRoute } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import { transportOf } from '../../plan/brokers-of.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { mostAttempts } from '../../policies/policies.ts';
import { applicationFaultsOn, switchesOn } from '../../plan/fault-window.ts';
import type { HopConfig, ListenConfig, ServiceWork } from '../../plan/service-config.ts';
import type { TrialSpec, TrialTopology } from '../../plan/spec.ts';
import type { ResolvedEdge } from '../../scenario/schema/topology.ts';
import {
  type SystemUnderTest,
  hopLogOf,
  type Opening,
  startPart,
  throughProxy,
} from './system-under-test.ts';
import { provision, type BrokerStore } from './provisioning.ts';

type Hop = Omit<HopConfig, 'edges' | 'listens' | 'hopLogPath' | 'deadlineMs' | 'trace'>;

/** A service of a trial before its start. */
interface PlannedService extends ServiceWork {
  /** Name by which faults and costs refer to it. */
  readonly name: string;
  readonly processName: string;
  /** Null: it calls no service, and no fault strikes its messages. */
  readonly hop: Hop | null;
  /** Its listeners, that of its own address first. Identical ones are merged. */
  readonly listeners: ListenConfig[];
}

/** State of one trial while its services are started. Ledgers and effects refer to services by index. */
interface Starting extends Opening {
  readonly services: readonly PlannedService[];
  readonly edges: readonly RoutedEdge[];
  readonly ownEnds: OwnEnd[];
}

interface RoutedEdge extends ResolvedEdge {
  readonly listener: ListenConfig;
}

/**
 * Starts the services of a trial: those of its topology, or else one for each subscriber. It makes the queues that
 * callers need, then starts every service as soon as those that it calls are ready.
 */
export async function startServices(opening: Opening): Promise<SystemUnderTest> {
  const { testbed, spec, parts } = opening;
  const services = spec.system.topology
    ? topologyServices(opening, spec.system.topology)
    : soleServices(opening);
  const { edges, stores } = await openListeners(opening, services);
  const ownEnds: OwnEnd[] = [];
  const [entry] = await startAll({ ...opening, services, edges, ownEnds });
  const logged = services.filter(({ hop }) => hop !== null);
  const hopLogs = logged.map(({ processName }) => hopLogOf(testbed, processName));
  return { address: entry!.address, parts, stores, hopLogs, ownEnds };
}

/**
 * One service, or one for each subscriber. It has a hop only for faults of messages, and so that its work is logged.
 */
function soleServices({ name, spec, schedule }: Opening): PlannedService[] {
  const { seed, kind, faults } = spec;
  const { pattern, service: own } = spec.system;
  const isWatched = isUsedFor(kind, 'fault', 'control');
  return Array.from({ length: pattern.subscribers }, (_, i): PlannedService => {
    const isAlone = pattern.subscribers === 1;
    return {
      ...own,
      name: isAlone ? 'service' : `service/${i + 1}`,
      processName: isAlone ? `service-${name}` : `service-${name}-subscriber${i}`,
      hop: isWatched
        ? {
            service: 0,
            seed,
            faults: applicationFaultsOn('service', faults, schedule),
            loadStartNs: null,
            idempotent: false,
          }
        : null,
      listeners: [],
    };
  });
}

function topologyServices(
  { name, spec: { seed, faults }, schedule }: Opening,
  { services }: TrialTopology,
): PlannedService[] {
  return services.map(({ id, concurrency, queue, processingMs, idempotent, errorShare }, service) => {
    const struck = [...applicationFaultsOn(id, faults, schedule), ...everydayFaults(errorShare)];
    return {
      name: id,
      processName: `service-${name}-${id}`,
      concurrency,
      queue,
      processingMs,
      seededDefects: null,
      hop: { service, seed, faults: struck, loadStartNs: null, idempotent },
      listeners: [],
    };
  });
}

/** Longer than any trial. */
const FOREVER_MS = 1e12;

/**
 * Failures of a service in any trial: injected as a fault that is in no plan. Its id cannot be that of a planned fault.
 */
export function everydayFaults(share: number): Hop['faults'] {
  const options = { share, status: 'internal' };
  return share > 0
    ? [{ id: 'EVERYDAY', do: 'error', options, from: 0, to: MAX_ARRIVALS, fromMs: 0, toMs: FOREVER_MS }]
    : [];
}

type Called = Pick<TrialSpec['system']['pattern'], 'definition' | 'interaction' | 'options'>;

/** Opens the listeners of the generator and of each edge. */
async function openListeners(opening: Opening, services: readonly PlannedService[]) {
  const { testbed, spec, stack } = opening;
  const stores: BrokerStore[] = [];
  const lay = async (to: readonly number[], { definition, interaction, options }: Called, suffix: string) => {
    const { concurrency } = services[to[0]!]!;
    const needs = { options, interaction, concurrency, subscribers: to.length };
    const provisioned = await provision(testbed, definition, needs, suffix);
    if (provisioned) {
      stack.use(provisioned);
      stores.push(...to.map((subscriber, place) => ({ provisioned, subscriber, place })));
    }
    const address = provisioned?.address ?? null;
    const isBrokers = isQueued(definition, interaction);
    const own: ListenConfig = { transport: definition.name, interaction, options, isBrokers, address };
    const [listener] = to.map((index) => wayInto(services[index]!.listeners, own));
    return listener!;
  };
  // With a topology the generator calls its first service, else all of them.
  await lay(spec.system.topology ? [0] : services.map((_, i) => i), spec.system.pattern, String(spec.id));
  const edges: RoutedEdge[] = [];
  for (const [i, edge] of (spec.system.topology?.edges ?? []).entries()) {
    const definition = transportOf(spec.system.pattern, edge.transport);
    const options = definition.options.parse(edge.options);
    const called = { definition, interaction: edge.interaction, options };
    edges.push({ ...edge, listener: await lay([edge.to], called, `${spec.id}.${i}`) });
  }
  return { edges, stores };
}

function wayInto(listeners: ListenConfig[], own: ListenConfig): ListenConfig {
  const same = listeners.find(
    (other) => own.address === null && JSON.stringify(own) === JSON.stringify(other),
  );
  if (!same) listeners.push(own);
  return same ?? own;
}

/** Starts all services in order. Each caller first awaits its services; each service is started once. */
async function startAll(starting: Starting): Promise<RunningService[]> {
  const begun = new Map<number, Promise<RunningService>>();
  const start = (index: number): Promise<RunningService> => {
    const known = begun.get(index);
    if (known) return known;
    const one = startOne(starting, index, start);
    begun.set(index, one);
    return one;
  };
  return allOf(starting.services.map((_, i) => start(i)));
}

async function startOne(
  starting: Starting,
  index: number,
  start: (index: number) => Promise<RunningService>,
): Promise<RunningService> {
  const { testbed, services, edges, ownEnds } = starting;
  const { name, listeners } = services[index]!;
  if (listeners.length === 0) {
    const message = `Expected the service ${name} to be called, found no edge to it`;
    throw new CommbenchError('bad-scenario', message);
  }
  const out = edges.filter(({ from }) => from === index);
  const routes = await allOf(out.map(async (edge) => routeOf(starting, edge, await start(edge.to))));
  const component = serviceComponent(
    testbed,
    name,
    (routed) => settingsOf(starting, index, routed),
    reviveAfterOwnEnd(ownEnds),
  );
  return startPart(starting, component, routes);
}

async function routeOf(
  starting: Starting,
  { id, to, listener, transport }: RoutedEdge,
  system: RunningService,
): Promise<ComponentRoute> {
  const address = system.endpoints[starting.services[to]!.listeners.indexOf(listener)]!;
  const isProxied = starting.spec.system.topology!.proxied.includes(id);
  if (!isProxied) return { id, to: address };
  const { wire } = transportOf(starting.spec.system.pattern, transport);
  return { id, to: await throughProxy(starting, id, { to: address, wire }) };
}

/** @param routes its edges, in the order in which they are called */
function settingsOf(
  { testbed, spec, logPath, services, edges }: Starting,
  subscriber: number,
  routes: readonly ComponentRoute[],
): ServiceSettings {
  const { name: _, processName, hop, listeners, ...own } = services[subscriber]!;
  const [first, ...listens] = listeners;
  const hopLogPath = hopLogOf(testbed, processName);
  const { contract, contractVersion } = spec.system;
  return {
    ...own,
    ...first!,
    name: processName,
    contract,
    ...(contractVersion === undefined ? {} : { contractVersion }),
    subscriber,
    effectLogPath: logPath,
    countBytes: spec.measure.countBytes,
    hop: hop && {
      ...hop,
      hopLogPath,
      deadlineMs: spec.load.deadlineMs,
      edges: routes.map((route) => edgeConfig(spec, edges, route)),
      ...(testbed.trace ? { trace: testbed.trace } : {}),
      listens,
    },
  };
}

/** An edge as its caller needs it. */
function edgeConfig(
  { faults, system: { topology } }: TrialSpec,
  edges: readonly RoutedEdge[],
  { id, to }: ComponentRoute,
): HopConfig['edges'][number] {
  const stacks = topology?.stacks ?? {};
  const index = edges.findIndex((edge) => edge.id === id);
  const { operations, transport, interaction, policies, patience, listener } = edges[index]!;
  const switches = switchesOn(id, faults, stacks);
  // One switch may use several stacks at once, each inside of the one before.
  const used = [policies, ...Object.values(stacks), ...switches.map((one) => one.policies)];
  return {
    index,
    id,
    operations,
    transport,
    interaction,
    options: listener.options,
    address: to,
    policies,
    switches,
    mostAttempts: Math.max(...used.map(mostAttempts)),
    patience,
  };
}
