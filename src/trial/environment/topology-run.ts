import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import type { Address } from '../../kernel/transport.ts';
import type { ResolvedEdge } from '../../scenario/schema/topology.ts';
import type { HopConfig } from '../../plan/service-config.ts';
import { allOf } from '../../kernel/all-of.ts';
import { transportOf } from '../../plan/brokers-of.ts';
import type { CalleeContext } from './callee-context.ts';
import { type Callee, hopLogOf } from './callee.ts';
import { applicationFaultsOn } from '../../plan/fault-window.ts';
import { type OwnEnd, reviveAfterOwnEnd } from './own-ends.ts';
import { provision, type Store } from './provisioning.ts';
import { type RunningProxy, startProxy } from './proxy-run.ts';
import type { Rig } from './rig.ts';
import { groupOf } from './service-group.ts';
import { type RunningService, startService } from './service-run.ts';
import type { TrialSpec, TrialTopology } from '../../plan/spec.ts';

/** One way by which a service is called; edges that come by the same one share it. */
interface Way {
  readonly transport: string;
  readonly interaction: ResolvedEdge['interaction'];
  readonly options: unknown;
  /** Made in a broker, for nobody else; null: the service chooses. */
  readonly address: Address | null;
}

/** How each service is called, by its index: the first way is that of its own address. */
type Ways = readonly Way[][];

/** All of one trial, while its services are started. */
interface Starting {
  readonly rig: Rig;
  readonly spec: TrialSpec;
  readonly topology: TrialTopology;
  readonly at: CalleeContext;
  /** Disposes what was started. */
  readonly stack: AsyncDisposableStack;
  readonly ways: Ways;
  /** Of each edge: how it comes to its callee. */
  readonly wayOf: readonly Way[];
  readonly proxies: Map<string, RunningProxy>;
  readonly ownEnds: OwnEnd[];
}

/** Makes what its edges need in brokers, then starts every service as soon as those that it calls are ready. */
export async function startTopology(
  rig: Rig,
  spec: TrialSpec,
  topology: TrialTopology,
  at: CalleeContext,
): Promise<Callee> {
  await using stack = new AsyncDisposableStack();
  const { ways, wayOf, stores } = await layWays(rig, spec, topology, stack);
  const proxies = new Map<string, RunningProxy>();
  const ownEnds: OwnEnd[] = [];
  const services = await startAll({ rig, spec, topology, at, stack, ways, wayOf, proxies, ownEnds });
  const { address } = services[0]!;
  const service = groupOf(`service-${at.name}`, address, services, stack.move());
  at.stack.use(service);
  return {
    address,
    service,
    stores,
    targets: new Map(services.map((one, i) => [topology.services[i]!.id, one])),
    proxies,
    hopLogs: services.map(({ name }) => hopLogOf(rig, name)),
    ownEnds,
  };
}

async function layWays(rig: Rig, spec: TrialSpec, topology: TrialTopology, stack: AsyncDisposableStack) {
  const ways: Way[][] = topology.services.map(() => []);
  const wayOf: Way[] = [];
  const stores: Store[] = [];
  const lay = async (to: number, { definition, interaction, options }: Called, suffix: string) => {
    const { slots } = topology.services[to]!;
    const needs = { options, interaction, slots, subscribers: 1 };
    const provisioned = await provision(rig, definition, needs, suffix);
    if (provisioned) {
      stack.use(provisioned);
      stores.push({ provisioned, subscriber: to, place: 0 });
    }
    const own: Way = {
      transport: definition.name,
      interaction,
      options,
      address: provisioned?.address ?? null,
    };
    const way = ways[to]!.find((other) => isSame(own, other)) ?? own;
    if (way === own) ways[to]!.push(own);
    return way;
  };
  await lay(0, spec.row, String(spec.id));
  for (const [i, edge] of topology.edges.entries()) {
    const definition = transportOf(spec.row, edge.transport);
    const options = definition.options.parse(edge.options);
    const called = { definition, interaction: edge.interaction, options };
    wayOf.push(await lay(edge.to, called, `${spec.id}.${i}`));
  }
  return { ways, wayOf, stores };
}

type Called = Pick<TrialSpec['row'], 'definition' | 'interaction' | 'options'>;

function isSame(a: Way, b: Way): boolean {
  return a.address === null && JSON.stringify(a) === JSON.stringify(b);
}

async function startAll(starting: Starting): Promise<RunningService[]> {
  const begun = new Map<number, Promise<RunningService>>();
  // Callees are asked for by their callers, each once.
  const start = (index: number): Promise<RunningService> => {
    const known = begun.get(index);
    if (known) return known;
    const one = startOne(starting, index, start);
    begun.set(index, one);
    return one;
  };
  return allOf(starting.topology.services.map((_, i) => start(i)));
}

async function startOne(
  starting: Starting,
  index: number,
  start: (index: number) => Promise<RunningService>,
): Promise<RunningService> {
  const { rig, spec, topology, at, stack, ways, ownEnds } = starting;
  const { id, slots, queue, holdMs, idempotent, errorShare } = topology.services[index]!;
  const [first, ...more] = ways[index]!;
  if (!first)
    throw new CommbenchError('bad-scenario', `Expected the service ${id} to be called, found no edge to it`);
  const edges = await allOf(outOf(starting, index, start));
  const name = `service-${at.name}-${id}`;
  const service = await startService(
    rig,
    {
      name,
      ...first,
      contract: spec.contract,
      slots,
      queue,
      holdMs,
      plants: null,
      subscriber: index,
      effectLogPath: at.logPath,
      countBytes: spec.countBytes,
      hop: {
        service: index,
        seed: spec.seed,
        hopLogPath: hopLogOf(rig, name),
        edges,
        faults: [...applicationFaultsOn(id, spec.faults, at.schedule), ...everyday(errorShare)],
        idempotent,
        listens: more,
      },
    },
    at.signal,
    reviveAfterOwnEnd(ownEnds),
  );
  return stack.use(service);
}

/** What a service fails in any trial: struck as by a fault, and in no plan. No fault of a plan can be called so, nor read so. */
function everyday(share: number): HopConfig['faults'] {
  const options = { share, status: 'internal' };
  return share > 0 ? [{ id: 'EVERYDAY', do: 'error', options, from: 0, to: MAX_ARRIVALS }] : [];
}

type HopEdge = HopConfig['edges'][number];

/** The edges of a caller, in the order in which they are gone over, each with the address of its callee. */
function outOf(
  starting: Starting,
  from: number,
  start: (index: number) => Promise<RunningService>,
): Promise<HopEdge>[] {
  return starting.topology.edges.flatMap((edge, index) => {
    if (edge.from !== from) return [];
    const way = starting.wayOf[index]!;
    const place = starting.ways[edge.to]!.indexOf(way);
    return start(edge.to).then(async (callee): Promise<HopEdge> => {
      const address = await throughProxy(starting, edge, [callee.address, ...callee.listens][place]!);
      const { id, operations, transport, interaction, policies } = edge;
      return {
        index,
        id,
        operations: operations ? [...operations] : null,
        transport,
        interaction,
        options: way.options,
        address,
        policies: [...policies],
      };
    });
  });
}

/** Where the caller is to go to; the proxy stands there in every trial of a scenario that needs it in one. */
async function throughProxy(
  { rig, topology, at, stack, proxies }: Starting,
  { id }: ResolvedEdge,
  target: Address,
): Promise<Address> {
  if (!topology.proxied.includes(id)) return target;
  const name = `proxy-${at.name}-${id}`;
  const proxy = stack.use(await startProxy(rig, { name, target }, at.signal));
  proxies.set(id, proxy);
  return proxy.address;
}
