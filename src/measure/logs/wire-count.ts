import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Payload bytes of TCP since the count began; without TCP's and IP's own headers. */
export interface WireBytes {
  readonly sent: number;
  readonly received: number;
}

/** Counts the bytes of this process over every TCP socket that is opened from now on. */
export interface WireCount extends Disposable {
  total(): WireBytes;
}

/** Node publishes each socket there when it is created, by any library. */
const CLIENT = 'net.client.socket';
const SERVER = 'net.server.socket';

/**
 * Reads the sockets' own counters on request, so that nothing is added to the path of a message. Connections opened
 * earlier, such as that to the hub, are not counted. Only the counting trial has such a count.
 */
export function openWireCount(): WireCount {
  const open = new Set<Socket>();
  let closed: WireBytes = { sent: 0, received: 0 };
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closed = add(closed, socket);
    });
  };
  for (const name of [CLIENT, SERVER]) channel(name).subscribe(onSocket);
  return {
    total: () => [...open].reduce(add, closed),
    [Symbol.dispose]() {
      for (const name of [CLIENT, SERVER]) channel(name).unsubscribe(onSocket);
    },
  };
}

function add({ sent, received }: WireBytes, socket: Socket): WireBytes {
  return { sent: sent + socket.bytesWritten, received: received + socket.bytesRead };
}

/** The bytes since an earlier reading. */
export function bytesSince(before: WireBytes, now: WireBytes): WireBytes {
  return { sent: now.sent - before.sent, received: now.received - before.received };
}
