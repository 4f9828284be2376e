import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError } from '../kernel/errors.ts';

/** Loopback ports that were free a moment ago, all different: held at once, then let go together. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listenAnywhere(): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => {
      reject(
        new CommbenchError('port-taken', `Expected a free loopback port, found ${error.message}`, {
          hint: 'End programs that hold many ports, then run this again.',
          cause: error,
        }),
      );
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
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
