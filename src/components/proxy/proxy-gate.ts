import { createServer, type Socket } from 'node:net';
import { freePorts } from '../../platform/net/ports.ts';
import type { LinkState } from '../../faults/fault.ts';
import { listenOnLoopback } from '../../platform/net/listen.ts';
import type { ProxyConfig, ProxyCounts } from './proxy-config.ts';
import { type ProxyLink, openProxyLink, type ProxyTally } from './proxy-link.ts';

/** Bound on open connections; far beyond those of a trial. */
const MOST_LINKS = 4096;

/** The listening side of the proxy, on one port for life. */
export interface ProxyGate {
  readonly port: number;
  /**
   * Resolves when it is in force.
   * @throws CommbenchError port-taken, where another process took the port of a refusing one
   */
  set(state: LinkState | null): Promise<void>;
  counts(): ProxyCounts;
}

/** Listens on a port below the ephemeral range: a caller of a refused ephemeral port may connect to itself. */
export async function openGate(
  target: ProxyConfig['target'],
  formerPort: ProxyConfig['port'],
): Promise<ProxyGate> {
  const links = new Set<ProxyLink>();
  const tally: ProxyTally = noCounts();
  let state: LinkState | null = null;

  const end = (link: ProxyLink, how: 'close' | 'reset') => {
    tally[how === 'reset' ? 'reset' : 'closed']++;
    link.end(how);
  };
  const accept = (caller: Socket) => {
    tally.connections++;
    const link = openProxyLink(caller, target, endOf(state) ? BLACK_HOLE : state, tally);
    links.add(link);
    void link.closed.then(() => links.delete(link));
    const how = endOf(state);
    if (how) end(link, how);
    else if (state?.kind === 'black-hole') tally.starved++;
  };
  const server = createServer({ allowHalfOpen: true }, accept);
  server.maxConnections = MOST_LINKS;
  server.on('drop', () => tally.dropped++);
  const own = { url: `tcp://127.0.0.1:${formerPort ?? (await freePorts(1))[0]!}` };
  const port = await listenOnLoopback(server, own);
  return {
    port,
    async set(next) {
      state = next;
      const how = endOf(next);
      const isRefusing = next?.kind === 'refuse';
      const silent = isRefusing && server.listening ? closed(server) : undefined;
      for (const link of links) {
        if (how) end(link, how);
        else link.set(next);
      }
      await silent;
      if (!isRefusing && !server.listening) await listenOnLoopback(server, own);
    },
    counts: () => ({ ...tally, open: links.size }),
  };
}

/** State of a new connection until its fate is decided: nothing passes. */
const BLACK_HOLE: LinkState = { kind: 'black-hole' };

function endOf(state: LinkState | null): 'close' | 'reset' | undefined {
  if (state?.kind === 'refuse') return 'close';
  return state?.kind === 'reset' ? 'reset' : undefined;
}

/** Resolves when the server and all its connections are closed. */
function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function noCounts(): ProxyTally {
  return {
    connections: 0,
    open: 0,
    dropped: 0,
    unreached: 0,
    bytesUp: 0,
    bytesDown: 0,
    closed: 0,
    reset: 0,
    starved: 0,
    heldChunks: 0,
    heldBytes: 0,
  };
}
