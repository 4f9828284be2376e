import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { SecureOptions } from '../../platform/net/secure.ts';
import buildConnectorOf from 'undici/lib/core/connect.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Connections made before they are needed, and new ones after those. */
export interface Connections {
  /** For undici: gives a client its connection. */
  readonly connect: buildConnector.connector;
  /** Drops connections that were never taken. */
  dispose(): void;
}

/** How connections are opened. */
interface OpeningPlan {
  /** How many beforehand. */
  readonly count: number;
  /** HTTP/2 on all of them: without TLS by prior knowledge (RFC 9113, 3.3). */
  readonly isHttp2: boolean;
  /** Undefined: without TLS. */
  readonly secure: SecureOptions | undefined;
}

/**
 * Opens `count` connections at once, so that none is opened during the load: there each costs both sides far more than
 * a call. A connection that fails now is opened on demand.
 */
export async function openConnections(
  url: string,
  { count, isHttp2, secure }: OpeningPlan,
): Promise<Connections> {
  const h2 = { allowH2: isHttp2, preferH2: isHttp2, useH2c: isHttp2 };
  const build = buildConnectorOf({ timeout: CONNECT_TIMEOUT_MS, ...h2, ...secure });
  const { protocol, host, hostname: written, port } = new URL(url);
  // Only in a URL an IPv6 address has brackets.
  const hostname = written.replaceAll(/^\[|\]$/g, '');
  const open = (): Promise<Socket | undefined> =>
    new Promise((resolve) => {
      build({ protocol, host, hostname, port }, (error, socket) => resolve(error ? undefined : socket));
    });
  const opened = await Promise.all(Array.from({ length: count }, open));
  const ready = opened.filter((socket) => socket !== undefined);
  for (const socket of ready) socket.on('error', ignore);

  return {
    connect(options, callback) {
      let socket = ready.pop();
      while (socket?.destroyed) socket = ready.pop();
      // The name that the settings say, not that of the request's header `host`.
      if (!socket) return build({ ...options, servername: '' }, callback);
      socket.off('error', ignore);
      const taken = socket;
      // Deferred: undici calls this amid its own work, and sends only if the answer comes after it.
      queueMicrotask(() => callback(null, taken));
    },
    dispose() {
      for (const socket of ready) socket.destroy();
    },
  };
}

/** The connection is destroyed then, and a new one opened on demand. */
function ignore(): void {}
