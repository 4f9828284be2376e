import type { LinkState } from '../../faults/fault.ts';
import type { Component, StartedComponent } from '../../kernel/component.ts';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Appointment } from '../../kernel/program.ts';
import type { Address, Wire } from '../../kernel/transport.ts';
import { type Endpoint, endpointOfUrl } from '../../platform/net/endpoint.ts';
import type { ChildHost } from '../../platform/process/child.ts';
import { entryFile } from '../../platform/process/entry.ts';
import { startHubProcess } from '../../platform/process/hub-process.ts';
import { builtIn } from '../built-in.ts';
import type { ProxyChange, ProxyConfig, ProxyCounts, ProxyOrder } from './proxy-config.ts';

const READY_MS = 30_000;

/** A proxy process on one edge, under our control. Disposing ends it, and with it every connection through it. */
export interface RunningProxy extends StartedComponent {
  /** Address of the target through the proxy. */
  readonly address: Address;
  /** Changes its state, at once or at an instant; resolves when it is in force. */
  set(state: LinkState | null, at?: Pick<Appointment, 'atNs'>): Promise<ProxyChange>;
  observed(): Promise<ProxyCounts>;
}

/** The proxy on an edge, by the edge's id; `wire` is of the edge's transport. */
export function proxyOn(
  host: ChildHost,
  edge: string,
  { processName, wire }: { readonly processName: string; readonly wire: Wire },
): Component<RunningProxy> {
  return builtIn({ name: edge, kind: 'proxy' }, async ({ signal }, [route]) => {
    const proxy = await startProxy(host, { name: processName, target: route!.to, wire }, signal);
    return Object.assign(proxy, { name: edge });
  });
}

/** Starts a proxy in front of a target. @throws CommbenchError child-failed with its last output */
export async function startProxy(
  host: ChildHost,
  { name, target, wire }: { readonly name: string; readonly target: Address; readonly wire: Wire },
  signal: AbortSignal,
): Promise<RunningProxy> {
  const endpoint = proxiedEndpoint(target, wire);
  let port: number | null = null;
  const started = await startHubProcess(host, {
    name,
    entry: entryFile(import.meta.url, './proxy'),
    graceMs: 1000,
    readyMs: READY_MS,
    signal,
    settings: (): Pick<ProxyConfig, 'target' | 'port'> => ({ target: endpoint, port }),
    onReady: (line) => (port = Number(line['port'])),
  });
  const ask = (order: ProxyOrder, answer: 'linked' | 'counted', waitMs = 0) =>
    started.ask(order, answer, waitMs);
  const address = throughPort(target, port!);
  return Object.assign(started, {
    name,
    kind: 'proxy' as const,
    address,
    endpoints: [address],
    async set(state: LinkState | null, at?: Pick<Appointment, 'atNs'>) {
      const waitMs = at === undefined ? 0 : Math.max(0, (at.atNs - nowNs()) / NS_PER_MS);
      const line = await ask({ type: 'link', state, atNs: at?.atNs ?? null }, 'linked', waitMs);
      return line as unknown as ProxyChange;
    },
    observed: async () => (await ask({ type: 'count' }, 'counted'))['counts'] as ProxyCounts,
  });
}

/** The proxy on an edge; undefined where there is none. */
export function proxyIn(components: readonly StartedComponent[], edge: string): RunningProxy | undefined {
  return components.find((one): one is RunningProxy => one.kind === 'proxy' && one.name === edge);
}

/** Connections or chunks struck between two counts, for a warning where a fault had no effect. */
export function hitsBetween(before: ProxyCounts, after: ProxyCounts): number {
  const hits = ({ closed, reset, starved, heldChunks }: ProxyCounts) => closed + reset + starved + heldChunks;
  return hits(after) - hits(before);
}

/**
 * Endpoint that a proxy forwards to.
 * @param wire of the transport on the edge
 * @throws CommbenchError child-failed where no proxy can stand before it
 */
function proxiedEndpoint(target: Address, wire: Wire): Endpoint {
  const { protocol } = new URL(target.url);
  const scheme = wire.schemes.find((one) => one.protocol === protocol);
  // Behind a proxy, certificates are checked against the name that a target was given with.
  const isKnown = scheme && (!scheme.isSecure || target['given'] !== undefined);
  const why = isKnown
    ? wire.whyNoProxy?.(target)
    : `no proxy can be put into a connection by ${protocol.slice(0, -1)}`;
  const endpoint = endpointOfUrl(target.url, wire);
  if (why === undefined && endpoint) return endpoint;
  throw new CommbenchError('child-failed', `No proxy can be put on this connection: ${why}`);
}

/** The target's address with the proxy's host and port in it. */
function throughPort(target: Address, port: number): Address {
  const { url } = target;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  // Keeps the notation: `http://host:1` has no path, and transports append theirs.
  return { ...target, url: url.endsWith('/') ? through.href : through.href.replace(/\/$/, '') };
}
