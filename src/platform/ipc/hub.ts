import { untilAborted } from '../../kernel/wait.ts';
import { createServer, type Server, type Socket } from 'node:net';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import type { Hello } from './hub-client.ts';
import { openInbox } from './inbox.ts';
import { lineSplitter, parseTyped, type Typed } from './ndjson.ts';

/** sockaddr_un holds 108 bytes; some systems silently truncate longer paths. */
export const MAX_SOCKET_PATH_BYTES = 100;
/** A connection without a hello within this time is foreign. */
const HELLO_MS = 10_000;
/** Children of one run that said hello before they were expected. */
const MAX_EARLY_PEERS = 64;

/** A child's message: `type` and its fields. */
export type HubMessage = Typed & Readonly<Record<string, unknown>>;

/** A service or generator process, as its connection shows it. */
export interface Peer {
  readonly name: string;
  readonly pid: number;
  /** Dropped when the connection is gone, which `closed` and the waits report. */
  send(order: Typed): void;
  /**
   * The first message of this type not taken yet, whenever it arrived. Rejects by its signal, or with the peer's own
   * words after `failed`. A closed connection does not end it: the `Program` explains an end better, so race with
   * that.
   */
  next(type: string, signal: AbortSignal): Promise<HubMessage>;
  /** The connection is gone: the process ended, or will at once. */
  readonly closed: Promise<void>;
}

/** The socket between the CLI and the children of a run. Disposing closes every connection, which ends the children. */
export interface Hub extends AsyncDisposable {
  readonly path: string;
  /** The peer of this name, once it has said hello. Each connection is handed out once. */
  expect(name: string, signal: AbortSignal): Promise<Peer>;
}

/** Listens on a Unix socket for the children that carry this mark; others are shown the door. */
export async function openHub({ path, mark }: { path: string; mark: string }): Promise<Hub> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new CommbenchError(
      'cannot-write',
      `Expected a socket path of at most ${MAX_SOCKET_PATH_BYTES} bytes, found ${path}`,
      { hint: 'Set TMPDIR to a folder with a shorter path.' },
    );
  }
  const sockets = new Set<Socket>();
  const lobby = openLobby();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    welcome(socket, mark, (peer) => lobby.enter(peer));
  });
  await listen(server, path);
  return {
    path,
    expect: (name, signal) => lobby.expect(name, signal),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      lobby.close();
      await closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new CommbenchError(
      'cannot-write',
      `Cannot listen on the Unix socket ${path}: ${systemCode(cause) ?? String(cause)}`,
      {
        hint: 'The temporary folder must be on a file system that supports sockets; set TMPDIR to another one.',
        cause,
      },
    );
  }
}

/** Reads the hello of a new connection, then its messages; malformed input ends it. */
function welcome(socket: Socket, mark: string, enter: (peer: Peer) => boolean): void {
  const inbox = openInbox();
  let name: string | undefined;
  const tooLate = setTimeout(() => socket.destroy(), HELLO_MS).unref();
  const take = lineSplitter((text) => {
    const line = parseTyped(text);
    if (name !== undefined) {
      if (!line || !inbox.push(line)) socket.destroy();
      else if (line.type === 'failed') inbox.close(ownWords(name, line));
      return;
    }
    clearTimeout(tooLate);
    if (!isHello(line, mark) || !enter(peerOf(line, socket, inbox))) socket.destroy();
    else name = line.name;
  });
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    try {
      take(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => clearTimeout(tooLate));
}

function isHello(line: Typed | undefined, mark: string): line is Hello {
  const hello = line as Partial<Hello> | undefined;
  return (
    hello?.type === 'hello' &&
    hello.mark === mark &&
    typeof hello.name === 'string' &&
    Number.isInteger(hello.pid)
  );
}

function peerOf(hello: Hello, socket: Socket, inbox: ReturnType<typeof openInbox>): Peer {
  return {
    name: hello.name,
    pid: hello.pid,
    send(order) {
      if (socket.writable) socket.write(`${JSON.stringify(order)}\n`);
    },
    next: async (type, signal) => (await inbox.next(type, signal)) as HubMessage,
    closed: new Promise((resolve) => {
      socket.on('close', () => resolve());
    }),
  };
}

function ownWords(name: string, line: Typed): CommbenchError {
  const { message } = line as { message?: unknown };
  const words = typeof message === 'string' ? message : 'it gave no reason';
  return new CommbenchError('child-failed', `${name} could not go on: ${words}`);
}

/** Matches peers with those who expect them, in either order of arrival. */
function openLobby() {
  const early: Peer[] = [];
  const waiting = new Map<string, PromiseWithResolvers<Peer>>();

  return {
    enter(peer: Peer): boolean {
      const expected = waiting.get(peer.name);
      waiting.delete(peer.name);
      if (expected) expected.resolve(peer);
      else if (early.length < MAX_EARLY_PEERS) early.push(peer);
      else return false;
      // A peer that left before it was expected is not returned.
      void peer.closed.then(() => {
        const place = early.indexOf(peer);
        if (place >= 0) early.splice(place, 1);
      });
      return true;
    },
    async expect(name: string, signal: AbortSignal): Promise<Peer> {
      signal.throwIfAborted();
      const here = early.findIndex((peer) => peer.name === name);
      if (here >= 0) return early.splice(here, 1)[0]!;
      if (waiting.has(name)) throw new CommbenchError('defect', `Expected one wait for ${name}, found two`);
      const wait = Promise.withResolvers<Peer>();
      waiting.set(name, wait);
      try {
        return await untilAborted(wait.promise, signal);
      } finally {
        if (waiting.get(name) === wait) waiting.delete(name);
      }
    },
    close(): void {
      for (const [name, wait] of waiting) {
        wait.reject(new CommbenchError('defect', `Expected ${name} to say hello before the hub closed`));
      }
    },
  };
}
