import type { ChannelModel } from 'amqplib';

/** Rejects when the connection breaks, as amqplib leaves such calls pending for ever. */
export async function orClosed<T>(connection: ChannelModel, work: Promise<T>): Promise<T> {
  const { promise: closed, reject } = Promise.withResolvers<never>();
  const onClose = () => reject(new Error('the broker closed the connection'));
  connection.once('close', onClose);
  try {
    return await Promise.race([work, closed]);
  } finally {
    connection.off('close', onClose);
  }
}
