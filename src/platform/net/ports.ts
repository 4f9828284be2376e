import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';

const LOWEST = 12_000;
/** Linux's default lower end of the range of outgoing ports. */
const USUAL_OUTGOING = 32_768;
const TRIES = 100;

/**
 * Loopback ports that were free a moment ago, all different: bound at once, then released together. They lie below the
 * range of outgoing connections. Otherwise an outgoing connection could take the port while the broker is down; a
 * client's own retry could even connect to itself.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listenAnywhere(): Promise<net.Server> {
  const firstOutgoing = firstOutgoingPort();
  for (let tries = 1; ; tries++) {
    // The system chooses where there is no room below.
    const port = firstOutgoing > 2 * LOWEST ? randomInt(LOWEST, firstOutgoing) : 0;
    try {
      return await listen(port);
    } catch (error) {
      if (systemCode(error) === 'EADDRINUSE' && tries < TRIES) continue;
      const found = error instanceof Error ? error.message : String(error);
      throw new CommbenchError('port-taken', `Expected a free loopback port, found ${found}`, {
        hint: 'End programs that hold many ports, then run this again.',
        cause: error,
      });
    }
  }
}

function listen(port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function firstOutgoingPort(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return USUAL_OUTGOING;
  }
}

/** Resolves when something listens on the loopback port. Bounded by the signal. */
export async function portAnswers(port: number, signal: AbortSignal): Promise<void> {
  while (!(await accepts(port))) await sleep(10, undefined, { signal });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
