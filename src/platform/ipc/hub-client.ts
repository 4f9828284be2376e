import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { lineSplitter, parseTyped, type Typed } from './ndjson.ts';

/** The first message of a service or generator to the hub. */
export interface Hello {
  readonly type: 'hello';
  readonly name: string;
  /** The run's mark, from its plan or config. */
  readonly mark: string;
  readonly pid: number;
}

/** A child process's end of its connection to the hub. */
export interface HubLink<Line extends Typed, Order extends Typed> {
  send(line: Line): void;
  /** The first order of this type not yet taken. Without a bound of its own: the process ends when the hub does. */
  next<T extends Order['type']>(type: T): Promise<Extract<Order, { type: T }>>;
  /** Answers every order of this type, one after the other, for the life of the process. */
  answer<T extends Order['type']>(
    type: T,
    reply: (order: Extract<Order, { type: T }>) => Line | Promise<Line>,
  ): Promise<never>;
  /** Resolves when every message is handed over and the connection closed; the process lives on. */
  finish(): Promise<void>;
}

/**
 * Connects a service or generator to the hub. From then on the process ends at once when the connection closes, unless
 * it called `finish`: its work is no longer needed.
 */
export async function connectHub<Line extends Typed, Order extends Typed = never>(
  socketPath: string,
): Promise<HubLink<Line, Order>> {
  const socket = connect(socketPath);
  await once(socket, 'connect');
  const inbox = openInbox();
  let finished = false;
  // An error is followed by `close`; without a listener it would end the process as a defect.
  socket.on('error', () => {});
  socket.on('close', () => {
    if (!finished) process.exit(EXIT.terminated);
  });
  socket.setEncoding('utf8').on(
    'data',
    lineSplitter((text) => receive(text, inbox)),
  );

  const send = (line: Line) => void socket.write(`${JSON.stringify(line)}\n`);
  const next = async <T extends Order['type']>(type: T) =>
    (await inbox.next(type)) as Extract<Order, { type: T }>;
  return {
    send,
    next,
    async answer(type, reply) {
      for (;;) send(await reply(await next(type)));
    },
    async finish() {
      finished = true;
      inbox.close(new CommbenchError('defect', 'Expected no wait for orders after the link was finished'));
      await ended(socket);
    },
  };
}

function receive(text: string, inbox: Inbox): void {
  const order = parseTyped(text);
  if (!order)
    throw new CommbenchError('defect', `Expected orders as JSON objects with a type, found ${text}`);
  if (!inbox.push(order))
    throw new CommbenchError('defect', 'Expected few orders, found too many unread ones');
}

/** Sends what is left and waits until the hub closed too; bounded by the hub's life. */
async function ended(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = once(socket, 'close');
  socket.end();
  socket.resume();
  await closed;
}
