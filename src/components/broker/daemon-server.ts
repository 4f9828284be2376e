import { rmSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { makeFolder } from '../../platform/make-folder.ts';
import { lineSplitter, parseTyped } from '../../platform/ipc/ndjson.ts';
import type { DaemonMessage, DaemonOrder, PersistentBroker } from './persistent.ts';

export interface DaemonServerOptions {
  readonly socketPath: string;
  /** Idle time after which the broker is ended. */
  readonly idleMs: number;
  /** Description sent to each client; `users` and `endsAtMs` are added here. */
  describe(): Omit<PersistentBroker, 'type' | 'users' | 'endsAtMs'>;
  /** Called once: on a stop order, or after the idle time. */
  onEnd(why: 'asked' | 'idle'): void;
}

/** Server of a broker daemon: describes the broker to each client, counts its users, and accepts the order to stop. */
export interface DaemonServer extends AsyncDisposable {
  /** Sends a message to every client. */
  broadcast(line: DaemonMessage): void;
  /** Sends a new description to every client, and starts the idle time. */
  changed(): void;
}

/** The caller holds the daemon's lock, so an existing socket is stale. */
export async function openDaemonServer(options: DaemonServerOptions): Promise<DaemonServer> {
  const sockets = new Set<net.Socket>();
  const users = new Set<net.Socket>();
  let idleTimer: NodeJS.Timeout | undefined;
  let endsAtMs: number | null = null;

  const line = (): DaemonMessage => ({ type: 'broker', ...options.describe(), users: users.size, endsAtMs });
  const countIdle = () => {
    clearTimeout(idleTimer);
    const counts = users.size === 0 && options.describe().state === 'up';
    endsAtMs = counts ? Date.now() + options.idleMs : null;
    if (counts) idleTimer = setTimeout(() => options.onEnd('idle'), options.idleMs);
  };
  const take = (socket: net.Socket, order: DaemonOrder) => {
    if (order.type === 'stop') options.onEnd('asked');
    if (order.type === 'use') users.add(socket);
    countIdle();
  };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8').on(
      'data',
      lineSplitter((text) => take(socket, parseTyped(text) as DaemonOrder)),
    );
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (users.delete(socket)) countIdle();
    });
    sendTo(socket, line());
  });
  makeFolder(path.dirname(options.socketPath), 0o700);
  rmSync(options.socketPath, { force: true });
  server.listen(options.socketPath);
  await once(server, 'listening');

  const broadcast = (message: DaemonMessage) => {
    for (const socket of sockets) sendTo(socket, message);
  };
  return {
    broadcast,
    changed() {
      countIdle();
      broadcast(line());
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(idleTimer);
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}

function sendTo(socket: net.Socket, line: DaemonMessage): void {
  socket.write(`${JSON.stringify(line)}\n`);
}
