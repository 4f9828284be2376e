import { CommbenchError } from '../../kernel/errors.ts';
import { entryFile } from '../../platform/process/entry.ts';
import type { LinkState } from '../../faults/fault.ts';
import type { Address } from '../../kernel/transport.ts';
import type { ProxyConfig, ProxyCounts, ProxyOrder } from '../../components/proxy/proxy-config.ts';
import { startChild } from './child.ts';
import type { Rig } from './rig.ts';

const READY_MS = 30_000;
/** It takes a millisecond; on a busy machine, some hundred. */
const ANSWER_MS = 10_000;
/** Where a URL names none. Encrypted connections are bound to the target's own name. */
const USUAL_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'grpc:': 50_051,
  'amqp:': 5672,
  'kafka:': 9092,
};

/** A proxy process on one edge, under our hand. Disposing ends it, and with it every connection through it. */
export interface RunningProxy extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** The target's, reached through the proxy. */
  readonly address: Address;
  /** Rejects when the process ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
  /** @returns its counts when the state was in force */
  set(state: LinkState | null): Promise<ProxyCounts>;
  observed(): Promise<ProxyCounts>;
}

/** Starts a proxy in front of a target. @throws CommbenchError child-failed with its last words */
export async function startProxy(
  rig: Rig,
  { name, target }: { readonly name: string; readonly target: Address },
  signal: AbortSignal,
): Promise<RunningProxy> {
  const entry = entryFile(import.meta.url, '../../components/proxy/proxy');
  const settings = { target: endpointOf(target) };
  const child = await startChild(rig, { name, entry, settings, graceMs: 1000 }, signal);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  let isExpected = false;
  child.died.catch((error: unknown) => {
    if (!isExpected) lost.reject(error);
  });
  const ask = async (order: ProxyOrder, answer: 'linked' | 'counted') => {
    child.peer.send(order);
    return (await child.next(answer, ANSWER_MS))['counts'] as ProxyCounts;
  };
  try {
    const { port } = await child.next('ready', READY_MS);
    return {
      name,
      pid: child.program.pid,
      address: { ...target, url: throughPort(target.url, Number(port)) },
      lost: lost.promise,
      set: (state) => ask({ type: 'link', state }, 'linked'),
      observed: () => ask({ type: 'count' }, 'counted'),
      async [Symbol.asyncDispose]() {
        isExpected = true;
        await child[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Why no proxy can stand before this address; undefined where one can. A client of Kafka goes where the broker
 * says it is, and is sent through the proxy all the same where there is but one broker (`advertised`).
 */
function whyNoProxy({ url, ['advertised']: advertised }: Address): string | undefined {
  const { protocol } = new URL(url);
  if (!(protocol in USUAL_PORTS)) return `a proxy can't stand in a connection by ${protocol.slice(0, -1)}`;
  if (protocol !== 'kafka:' || advertised !== undefined) return undefined;
  return 'a Kafka of several brokers sends its clients past a proxy';
}

/** What the proxy did to connections between two counts, for a warning where a fault hit nothing. */
export function hitsBetween(before: ProxyCounts, after: ProxyCounts): number {
  const hits = ({ closed, reset, starved, heldChunks }: ProxyCounts) => closed + reset + starved + heldChunks;
  return hits(after) - hits(before);
}

function endpointOf(target: Address): ProxyConfig['target'] {
  const why = whyNoProxy(target);
  if (why !== undefined)
    throw new CommbenchError('child-failed', `Expected an edge that a proxy can stand on, found ${why}`);
  return portOf(target);
}

/** Where an address listens; the protocol's usual port where it names none. */
export function portOf({ url }: Pick<Address, 'url'>): ProxyConfig['target'] {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname.replaceAll(/^\[|\]$/g, ''), port: port ? Number(port) : USUAL_PORTS[protocol]! };
}

function throughPort(url: string, port: number): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  // Written as it was: `http://host:1` has no path, and transports put theirs behind it.
  return url.endsWith('/') ? through.href : through.href.replace(/\/$/, '');
}
