import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { untilAborted } from '../../kernel/wait.ts';
import { MAX_SOCKET_PATH_BYTES } from '../../platform/ipc/hub.ts';
import { lineSplitter, parseTyped } from '../../platform/ipc/ndjson.ts';
import { isLoopbackAddress } from '../../platform/net/loopback.ts';
import { ownFolderIn, stateFolder } from '../../platform/process/run-file.ts';

/** A broker daemon responds in about a millisecond; after this time it counts as dead. */
const ANSWER_MS = 3000;

const persistentBrokerSchema = z.object({
  type: z.literal('broker'),
  name: z.string(),
  /** Pid of the broker daemon itself. */
  daemonPid: z.number().int(),
  state: z.enum(['starting', 'up', 'stopping']),
  /** Empty until it is up. A broker of ours listens on this machine alone. */
  url: z.string().refine((url) => url === '' || isOnLoopback(url)),
  version: z.string(),
  source: z.string(),
  pids: z.array(z.number().int()),
  /** Time at which it was up, ms since 1970. */
  sinceMs: z.number(),
  /** Number of runs that use it now. */
  users: z.number().int(),
  /** Time at which it will be ended if unused, ms since 1970; null while it is used. */
  endsAtMs: z.number().nullable(),
});
/** A broker between runs, as its daemon describes it in its first message to a client. */
export type PersistentBroker = z.infer<typeof persistentBrokerSchema>;

/** Later messages of a broker daemon. */
export type DaemonMessage =
  | PersistentBroker
  | { readonly type: 'progress'; readonly line: string }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly type: 'lost'; readonly words: string };

/** Orders to a broker daemon. */
export type DaemonOrder = { readonly type: 'use' } | { readonly type: 'stop' };

/**
 * Socket of a broker's daemon: one per cache folder and broker, in a folder of this user alone. In a shared one anybody
 * could listen under its name.
 */
export function daemonSocket(cacheFolder: string, name: string): string {
  const inCache = path.join(cacheFolder, 'persistent', `${name}.sock`);
  if (isShort(inCache)) return inCache;
  const short = createHash('sha256').update(inCache).digest('hex').slice(0, 24);
  const socket = path.join(stateFolder(), `broker-${short}.sock`);
  return isShort(socket) ? socket : path.join(ownFolderIn('/tmp'), `broker-${short}.sock`);
}

function isShort(socketPath: string): boolean {
  return Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH_BYTES;
}

/** Who answers is this user: what it says is believed, its URL above all. */
function isOwnSocket(socketPath: string): boolean {
  const stat = lstatSync(socketPath, { throwIfNoEntry: false });
  return stat?.isSocket() === true && stat.uid === process.getuid?.();
}

function isOnLoopback(url: string): boolean {
  return URL.canParse(url) && isLoopbackAddress(new URL(url).hostname.replaceAll(/^\[|\]$/g, ''));
}

/** A connection to a broker daemon: its lines, and its end. */
export interface DaemonLink extends Disposable {
  send(order: DaemonOrder): void;
  /** Settles when the connection is over: the broker daemon ended, or we disposed. */
  readonly closed: Promise<void>;
}

/** Undefined where no broker daemon listens. */
export function linkToDaemon(
  socketPath: string,
  onLine: (line: DaemonMessage) => void,
): Promise<DaemonLink | undefined> {
  if (!isOwnSocket(socketPath)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = net.connect(socketPath).setEncoding('utf8');
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => resolve(undefined));
    socket.on(
      'data',
      lineSplitter((text) => {
        const line = parseTyped(text);
        if (line) onLine(line as DaemonMessage);
      }),
    );
    socket.once('connect', () => {
      resolve({
        send: (order) => void socket.write(`${JSON.stringify(order)}\n`),
        closed,
        [Symbol.dispose]: () => void socket.destroy(),
      });
    });
  });
}

/** Describes the persistent broker; undefined where there is none. Nothing is started or changed. */
export async function describePersistent(
  cacheFolder: string,
  name: string,
  signal: AbortSignal,
): Promise<PersistentBroker | undefined> {
  const described = await describe(daemonSocket(cacheFolder, name), signal);
  described?.link[Symbol.dispose]();
  return described?.broker;
}

/** A persistent broker in use. Its daemon counts connections, so a killed run no longer counts. */
export interface BrokerLease extends Disposable {
  readonly broker: PersistentBroker;
  /** Settles with the known reason when the daemon or its broker is gone. */
  readonly lost: Promise<string>;
}

export async function leasePersistent(
  cacheFolder: string,
  name: string,
  signal: AbortSignal,
): Promise<BrokerLease | undefined> {
  let words = 'its broker daemon ended';
  const described = await describe(daemonSocket(cacheFolder, name), signal, (line) => {
    if (line.type === 'lost') words = line.words;
  });
  if (!described) return undefined;
  const { link, broker } = described;
  if (broker.state !== 'up') {
    link[Symbol.dispose]();
    return undefined;
  }
  link.send({ type: 'use' });
  let disposed = false;
  const lost = link.closed.then(() => (disposed ? new Promise<string>(() => undefined) : words));
  return {
    broker,
    lost,
    [Symbol.dispose]() {
      disposed = true;
      link[Symbol.dispose]();
    },
  };
}

/**
 * Orders the broker daemon to end its broker and itself.
 * @returns whether it did within the time
 */
export async function stopPersistent(
  cacheFolder: string,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const link = await linkToDaemon(daemonSocket(cacheFolder, name), () => undefined);
  if (!link) return true;
  using owned = link;
  owned.send({ type: 'stop' });
  // Awaited here, as the link is closed when this function returns.
  return await untilAborted(owned.closed, signal).then(
    () => true,
    () => false,
  );
}

async function describe(
  socketPath: string,
  signal: AbortSignal,
  onLine?: (line: DaemonMessage) => void,
): Promise<{ link: DaemonLink; broker: PersistentBroker } | undefined> {
  signal.throwIfAborted();
  const first = Promise.withResolvers<PersistentBroker | undefined>();
  const link = await linkToDaemon(socketPath, (line) => {
    first.resolve(persistentBrokerSchema.safeParse(line).data);
    onLine?.(line);
  });
  if (!link) return undefined;
  const timer = setTimeout(() => first.resolve(undefined), ANSWER_MS);
  void link.closed.then(() => first.resolve(undefined));
  const broker = await first.promise;
  clearTimeout(timer);
  if (broker) return { link, broker };
  link[Symbol.dispose]();
  return undefined;
}
