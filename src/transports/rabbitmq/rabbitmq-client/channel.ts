import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, Connection } from 'rabbitmq-client';

/** A user of a channel, set up anew after every loss. */
export interface ChannelUser {
  up(channel: Channel): Promise<void>;
  /** The channel is gone, with everything on it. */
  down(): void;
}

/**
 * A channel of the connection that comes back after a loss. The library's own publisher opens its channel with its first
 * message: here it is open before the load.
 * @returns closes it for good
 * @throws the library's error where it cannot be opened now
 */
export async function keepChannel(
  connection: Connection,
  { reconnectDelayMs }: { readonly reconnectDelayMs: number },
  user: ChannelUser,
): Promise<() => Promise<void>> {
  let open: Channel | undefined;
  let isClosed = false;
  let isReturning = false;

  const establish = async (): Promise<void> => {
    const fresh = await connection.acquire({ emitErrorsFromChannel: true });
    // Every error is followed by `close`, which is handled.
    fresh.on('error', () => {});
    fresh.once('close', () => {
      open = undefined;
      user.down();
      void comeBack();
    });
    await user.up(fresh);
    open = fresh;
  };

  const comeBack = async (): Promise<void> => {
    if (isReturning) return;
    isReturning = true;
    const isMissing = () => !isClosed && !open?.active;
    for (; isMissing(); await sleep(reconnectDelayMs, undefined, { ref: false })) {
      // A failed attempt is repeated: the connection is still coming back.
      if (connection.ready) await establish().catch(() => undefined);
    }
    isReturning = false;
  };

  await establish();
  return async () => {
    isClosed = true;
    await open?.close();
  };
}
