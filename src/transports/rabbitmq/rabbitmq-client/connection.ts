import { once } from 'node:events';
import { Connection } from 'rabbitmq-client';
import { endsWithin } from '../../../kernel/wait.ts';
import { CLOSE_MS, type LinkOptions, rabbitmqUnreachable } from '../link-options.ts';

/**
 * One connection of the library, which comes back by itself after a loss.
 * @throws CommbenchError broker-unreachable where the first attempt fails
 */
export async function openRabbitConnection(url: string, options: LinkOptions): Promise<Connection> {
  const { profile, heartbeatS, connectTimeoutMs, reconnectDelayMs } = options;
  const connection = new Connection({
    url: withUser(url),
    heartbeat: heartbeatS,
    connectionTimeout: connectTimeoutMs,
    acquireTimeout: connectTimeoutMs,
    noDelay: true,
    // Equal bounds: a constant pause, as with the other library.
    ...(profile === 'patient' ? { retryLow: reconnectDelayMs, retryHigh: reconnectDelayMs } : {}),
  });
  try {
    await once(connection, 'connection');
  } catch (error) {
    connection.unsafeDestroy();
    throw rabbitmqUnreachable(url, error);
  }
  // A loss shows in `ready` and in the channels.
  connection.on('error', () => {});
  return connection;
}

/** Bounded, as a frozen broker never completes an orderly close. */
export async function closeRabbitConnection(
  connection: Connection,
  orderly: Promise<unknown>,
): Promise<void> {
  await endsWithin(
    CLOSE_MS,
    orderly.then(() => connection.close()),
  );
  connection.unsafeDestroy();
}

/** The library has no default user in a URL. */
function withUser(url: string): string {
  const target = new URL(url);
  if (target.username === '') Object.assign(target, { username: 'guest', password: 'guest' });
  return target.href;
}

/** Resolves with the reason when nothing worked for so long. */
export function createGiveUp({ profile, reconnectForMs }: LinkOptions) {
  const { promise: lost, resolve } = Promise.withResolvers<string>();
  let timer: NodeJS.Timeout | undefined;
  const works = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    lost,
    works,
    fails(cause: unknown) {
      // As shipped, it never gives up.
      if (profile !== 'patient') return;
      const reason = `RabbitMQ was unreachable for ${reconnectForMs} ms: ${String(cause)}`;
      timer ??= setTimeout(resolve, reconnectForMs, reason);
    },
  };
}
