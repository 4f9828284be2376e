import { createHash } from 'node:crypto';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { untilAborted } from '../../kernel/until-aborted.ts';
import { lineSplitter, parseTyped } from '../../platform/ipc/ndjson.ts';

/** A keeper answers in a millisecond; one that doesn't in this time is of no use. */
const ANSWER_MS = 3000;
const LONGEST_SOCKET_PATH = 100;

const keptBrokerSchema = z.object({
  type: z.literal('broker'),
  name: z.string(),
  /** The keeper's own process. */
  keeperPid: z.number().int(),
  state: z.enum(['starting', 'up', 'stopping']),
  url: z.string(),
  version: z.string(),
  source: z.string(),
  pids: z.array(z.number().int()),
  /** When it was up, ms since 1970. */
  sinceMs: z.number(),
  /** Runs that use it now. */
  users: z.number().int(),
  /** When it will be ended if nobody uses it, ms since 1970; null while it is used. */
  endsAtMs: z.number().nullable(),
});
/** A broker between runs, as its keeper describes it: the first line that it says to whoever connects. */
export type KeptBroker = z.infer<typeof keptBrokerSchema>;

/** What a keeper says after that. */
export type KeeperLine =
  | KeptBroker
  | { readonly type: 'progress'; readonly line: string }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly type: 'lost'; readonly words: string };

/** What may be asked of it. */
export type KeeperOrder = { readonly type: 'use' } | { readonly type: 'stop' };

/** Where the keeper of this broker listens: one per cache folder and broker. */
export function keeperSocket(cacheFolder: string, name: string): string {
  const inCache = path.join(cacheFolder, 'kept', `${name}.sock`);
  if (Buffer.byteLength(inCache) <= LONGEST_SOCKET_PATH) return inCache;
  const short = createHash('sha256').update(inCache).digest('hex').slice(0, 24);
  return path.join(tmpdir(), `commbench-kept-${short}.sock`);
}

/** A connection to a keeper: its lines as they come, and its end. */
export interface KeeperLink extends Disposable {
  send(order: KeeperOrder): void;
  /** Settles when the connection is over: the keeper ended, or we disposed. */
  readonly closed: Promise<void>;
}

/** Undefined where no keeper listens. */
export function linkToKeeper(
  socketPath: string,
  onLine: (line: KeeperLine) => void,
): Promise<KeeperLink | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath).setEncoding('utf8');
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => resolve(undefined));
    socket.on(
      'data',
      lineSplitter((text) => {
        const line = parseTyped(text);
        if (line) onLine(line as KeeperLine);
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

/** What is kept, or undefined where nothing is. Nothing is started or changed. */
export async function findKept(
  cacheFolder: string,
  name: string,
  signal: AbortSignal,
): Promise<KeptBroker | undefined> {
  const described = await describe(keeperSocket(cacheFolder, name), signal);
  described?.link[Symbol.dispose]();
  return described?.broker;
}

/** A kept broker in use: its keeper counts the connection, so that a killed run is not counted any longer. */
export interface KeptLease extends Disposable {
  readonly broker: KeptBroker;
  /** Settles with what is known when the keeper or its broker is gone. */
  readonly lost: Promise<string>;
}

export async function leaseKept(
  cacheFolder: string,
  name: string,
  signal: AbortSignal,
): Promise<KeptLease | undefined> {
  let words = 'its keeper ended';
  const described = await describe(keeperSocket(cacheFolder, name), signal, (line) => {
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

/** Asks the keeper to end its broker and itself. @returns whether it did within the time */
export async function stopKept(cacheFolder: string, name: string, signal: AbortSignal): Promise<boolean> {
  const link = await linkToKeeper(keeperSocket(cacheFolder, name), () => undefined);
  if (!link) return true;
  using owned = link;
  owned.send({ type: 'stop' });
  // Awaited here: the link is closed when this function is left.
  return await untilAborted(owned.closed, signal).then(
    () => true,
    () => false,
  );
}

async function describe(
  socketPath: string,
  signal: AbortSignal,
  onLine?: (line: KeeperLine) => void,
): Promise<{ link: KeeperLink; broker: KeptBroker } | undefined> {
  signal.throwIfAborted();
  const first = Promise.withResolvers<KeptBroker | undefined>();
  const link = await linkToKeeper(socketPath, (line) => {
    first.resolve(keptBrokerSchema.safeParse(line).data);
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
