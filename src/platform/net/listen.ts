import type { AddressInfo, Server } from 'node:net';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import type { Address } from '../../kernel/transport.ts';

/** Connections that wait to be accepted while the service is frozen. */
const BACKLOG = 1024;

/**
 * Listens on loopback: where it was before a restart, else on a free port.
 * @returns the port
 * @throws CommbenchError port-taken
 */
export async function listenOnLoopback(server: Server, address: Address | undefined): Promise<number> {
  const port = address ? Number(new URL(address.url).port) : 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  try {
    await promise;
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    throw new CommbenchError('port-taken', `Port ${port} of 127.0.0.1 is in use`, {
      hint: `Another process took it; find it with: ss -ltnp 'sport = :${port}'`,
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}
