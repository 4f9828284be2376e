import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Payload bytes of TCP since the count began; without TCP's and IP's own headers. */
export interface WireBytes {
  readonly sent: number;
  readonly received: number;
}

/** TCP connections of a caller, whatever is spoken over them. */
export interface ConnectionCounts {
  /** Open when the load began. */
  readonly atStart: number;
  /** Opened while it lasted. */
  readonly opened: number;
  /** Attempts in that time that led to no connection. */
  readonly refused: number;
}

/** The same since the count began. */
interface Connects {
  readonly open: number;
  readonly opened: number;
  readonly refused: number;
}

/** Counts the bytes of this process over every TCP socket that is opened from now on, and the connections it makes. */
export interface WireCount extends Disposable {
  total(): WireBytes;
  connects(): Connects;
}

/** Node publishes each socket there when it is created, by any library. */
const CLIENT = 'net.client.socket';
const SERVER = 'net.server.socket';

/**
 * Reads the sockets' own counters on request, so that nothing is added to the path of a message. Connections opened
 * earlier, such as that to the hub, are not counted.
 */
export function openWireCount(): WireCount {
  const open = new Set<Socket>();
  const connects = { open: 0, opened: 0, refused: 0 };
  let closed: WireBytes = { sent: 0, received: 0 };
  const onSocket = (message: unknown, name: string | symbol) => {
    const { socket } = message as { socket: Socket };
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closed = add(closed, socket);
    });
    if (name === CLIENT) countConnect(socket, connects);
  };
  for (const name of [CLIENT, SERVER]) channel(name).subscribe(onSocket);
  return {
    total: () => [...open].reduce(add, closed),
    connects: () => ({ ...connects }),
    [Symbol.dispose]() {
      for (const name of [CLIENT, SERVER]) channel(name).unsubscribe(onSocket);
    },
  };
}

function countConnect(socket: Socket, counts: { -readonly [Name in keyof Connects]: number }): void {
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
    counts.open++;
    counts.opened++;
  });
  socket.once('close', () => {
    if (isConnected) counts.open--;
    else counts.refused++;
  });
}

function add({ sent, received }: WireBytes, socket: Socket): WireBytes {
  return { sent: sent + socket.bytesWritten, received: received + socket.bytesRead };
}

/** The connections since an earlier reading. */
export function connectionsSince(before: Connects, now: Connects): ConnectionCounts {
  return {
    atStart: before.open,
    opened: now.opened - before.opened,
    refused: now.refused - before.refused,
  };
}

/** The bytes since an earlier reading. */
export function bytesSince(before: WireBytes, now: WireBytes): WireBytes {
  return { sent: now.sent - before.sent, received: now.received - before.received };
}
