import { mkdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { lineSplitter, parseTyped } from '../../platform/ipc/ndjson.ts';
import type { KeeperLine, KeeperOrder, KeptBroker } from './kept.ts';

export interface KeeperServerOptions {
  readonly socketPath: string;
  /** Unused for so long, the broker is ended. */
  readonly idleMs: number;
  /** What is told to whoever connects; `users` and `endsAtMs` are filled in here. */
  describe(): Omit<KeptBroker, 'type' | 'users' | 'endsAtMs'>;
  /** Called once: asked to stop, or idle for too long. */
  onEnd(why: 'asked' | 'idle'): void;
}

/** A keeper's ear: tells everyone who connects what there is, counts who uses it, and takes the order to stop. */
export interface KeeperServer extends AsyncDisposable {
  /** To everyone connected. */
  tell(line: KeeperLine): void;
  /** Describes the broker anew to everyone connected, and begins to count idle time. */
  changed(): void;
}

/** The caller holds the keeper's lock, so a socket that is there already belongs to nobody. */
export async function openKeeperServer(options: KeeperServerOptions): Promise<KeeperServer> {
  const sockets = new Set<net.Socket>();
  const users = new Set<net.Socket>();
  let idleTimer: NodeJS.Timeout | undefined;
  let endsAtMs: number | null = null;

  const line = (): KeeperLine => ({ type: 'broker', ...options.describe(), users: users.size, endsAtMs });
  const countIdle = () => {
    clearTimeout(idleTimer);
    const counts = users.size === 0 && options.describe().state === 'up';
    endsAtMs = counts ? Date.now() + options.idleMs : null;
    if (counts) idleTimer = setTimeout(() => options.onEnd('idle'), options.idleMs);
  };
  const take = (socket: net.Socket, order: KeeperOrder) => {
    if (order.type === 'stop') options.onEnd('asked');
    if (order.type === 'use') users.add(socket);
    countIdle();
  };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8').on(
      'data',
      lineSplitter((text) => take(socket, parseTyped(text) as KeeperOrder)),
    );
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (users.delete(socket)) countIdle();
    });
    say(socket, line());
  });
  mkdirSync(path.dirname(options.socketPath), { recursive: true, mode: 0o700 });
  rmSync(options.socketPath, { force: true });
  server.listen(options.socketPath);
  await once(server, 'listening');

  const tell = (said: KeeperLine) => {
    for (const socket of sockets) say(socket, said);
  };
  return {
    tell,
    changed() {
      countIdle();
      tell(line());
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

function say(socket: net.Socket, line: KeeperLine): void {
  socket.write(`${JSON.stringify(line)}\n`);
}
