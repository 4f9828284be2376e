import { endsWithin } from '../../kernel/wait.ts';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { SecureOptions } from '../../platform/net/secure.ts';
import { orClosed } from './or-closed.ts';
import { CLOSE_MS, type LinkOptions, rabbitmqUnreachable } from './link-options.ts';

/** A user of the connection, set up anew after every loss. */
export interface LinkUser {
  /** Opens channels and consumers on a fresh connection. */
  up(connection: ChannelModel): Promise<void>;
  /** The connection is gone, with everything on it. */
  down(): void;
  /** Called before the connection is closed from our side: waits for unconfirmed writes. */
  leave?(): Promise<void>;
}

/** One AMQP connection that reconnects after a loss. */
export interface RabbitmqLink extends AsyncDisposable {
  /** Resolves with the reason when reconnecting took longer than the options allow; never where it is not tried. */
  readonly lost: Promise<string>;
}

/**
 * @param secure options of TLS, for a URL with `amqps:`
 * @throws CommbenchError broker-unreachable where the first attempt fails; later ones are repeated
 */
export async function openRabbitmqLink(
  url: string,
  options: LinkOptions,
  user: LinkUser,
  secure?: SecureOptions,
): Promise<RabbitmqLink> {
  const { promise: lost, resolve: giveUp } = Promise.withResolvers<string>();
  const ending = new AbortController();
  let connection: ChannelModel | undefined;

  const establish = async () => {
    const fresh = await openConnection(url, options, secure);
    try {
      await user.up(fresh);
    } catch (error) {
      await closeConnection(fresh);
      throw error;
    }
    if (ending.signal.aborted) return closeConnection(fresh);
    connection = fresh;
    fresh.once('close', () => {
      connection = undefined;
      user.down();
      if (!ending.signal.aborted && options.profile === 'patient') void comeBack();
    });
  };

  const comeBack = async () => {
    const until = performance.now() + options.reconnectForMs;
    let cause: unknown;
    while (performance.now() < until) {
      await sleep(options.reconnectDelayMs, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      try {
        return await establish();
      } catch (error) {
        cause = error;
      }
    }
    giveUp(`RabbitMQ was unreachable for ${options.reconnectForMs} ms: ${String(cause)}`);
  };

  await establish().catch((error: unknown) => {
    throw rabbitmqUnreachable(url, error);
  });
  return {
    lost,
    async [Symbol.asyncDispose]() {
      ending.abort();
      // Bounded, as a frozen broker never completes an orderly close.
      await endsWithin(CLOSE_MS, user.leave?.());
      if (connection) await closeConnection(connection);
    },
  };
}

/**
 * A channel alone may be closed by the broker; then its connection is closed too, and the whole link reconnects.
 * @param gone called when the channel is unusable
 * @returns gives the channel up from our side, with its connection
 */
export function keepTogether(connection: ChannelModel, channel: Channel, gone: () => void): () => void {
  const leave = () => {
    gone();
    setImmediate(() => void connection.close().catch(() => undefined));
  };
  // Every error is followed by `close`, which is handled.
  channel.on('error', () => {});
  channel.once('close', leave);
  return leave;
}

/**
 * One attempt, without reconnecting.
 * @throws amqplib's error
 */
async function openConnection(
  url: string,
  options: LinkOptions,
  secure: SecureOptions | undefined,
): Promise<ChannelModel> {
  const target = new URL(url);
  target.searchParams.set('heartbeat', String(options.heartbeatS));
  const own = { noDelay: true, timeout: options.connectTimeoutMs };
  const connection = await connect(target.href, { ...own, ...secure });
  // Every error is followed by `close`, which is handled.
  connection.on('error', () => {});
  return connection;
}

async function closeConnection(connection: ChannelModel): Promise<void> {
  await endsWithin(CLOSE_MS, connection.close());
  // The only access to a socket whose peer does not respond, though missing in amqplib's types. With an error, so that
  // amqplib treats it as a loss and settles every wait for a confirm.
  (connection.connection as unknown as { stream: Socket }).stream.destroy(new Error('No answer to close'));
}

/**
 * A short-lived connection, closed in any case.
 * @throws CommbenchError broker-unreachable
 */
export async function withConnection<T>(
  url: string,
  options: LinkOptions,
  use: (connection: ChannelModel) => Promise<T>,
  secure?: SecureOptions,
): Promise<T> {
  const connection = await openConnection(url, options, secure).catch((error: unknown) => {
    throw rabbitmqUnreachable(url, error);
  });
  try {
    return await orClosed(connection, use(connection));
  } finally {
    await closeConnection(connection);
  }
}
