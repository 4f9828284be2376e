import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type { OutletContext, OutletListener, OutMessage, TargetOutlet } from '../../kernel/target-outlet.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import { keepTogether, type LinkUser, openRabbitmqLink } from './link.ts';
import type { RabbitmqOptions } from './options.ts';
import { checkQueue } from './target-check.ts';

/**
 * Consumes the queue to which the user's service writes: its present and future messages. The broker counts each
 * message as acknowledged at delivery. After a lost connection a redelivery would look like work done twice, so a loss
 * ends the listening.
 */
export async function listenRabbitmq(
  { url, name, tls }: TargetOutlet,
  { options, take }: OutletContext<RabbitmqOptions>,
): Promise<OutletListener> {
  const lost = Promise.withResolvers<string>();
  const user: LinkUser = {
    async up(connection: ChannelModel) {
      await checkQueue(connection, name);
      const channel = await connection.createChannel();
      const leave = keepTogether(connection, channel, () => undefined);
      // Null: the broker cancelled the consumer, e.g. because the queue was deleted.
      const onMessage = (message: ConsumeMessage | null) => (message ? take(outMessageOf(message)) : leave());
      await channel.consume(name, onMessage, { noAck: true });
    },
    down: () => lost.resolve(`The connection that read the queue ${name} was lost`),
  };
  const secure = tls && secureOptions(tls, hostOfUrl(url));
  const link = await openRabbitmqLink(url, { ...options, reconnectForMs: 0 }, user, secure);
  return { lost: lost.promise, [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}

function outMessageOf({ content, properties }: ConsumeMessage): OutMessage {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  return {
    content,
    header(name) {
      const value = headers[name];
      return typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;
    },
  };
}
