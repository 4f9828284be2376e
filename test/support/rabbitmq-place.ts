import { type Channel, connect } from 'amqplib';
import type { Connection, Handler, ServeContext, Server } from '../../src/kernel/transport.ts';
import { connectRabbitmq } from '../../src/transports/rabbitmq/client.ts';
import { deadLetterQueue, queueLocationOf } from '../../src/transports/rabbitmq/names.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from '../../src/transports/rabbitmq/options.ts';
import { provisionRabbitmq } from '../../src/transports/rabbitmq/provision.ts';
import { serveRabbitmq } from '../../src/transports/rabbitmq/server.ts';

const SLOTS = 2;
let names = 0;

interface Asked {
  readonly interaction: string;
  readonly subscribers?: number;
  readonly options?: Partial<RabbitmqOptions>;
}

/** What a trial has on a RabbitMQ, made for one test and removed at its end. */
export async function openRabbitmqPlace(
  brokerUrl: string,
  { interaction, subscribers = 1, options: given = {} }: Asked,
) {
  const options = rabbitmqOptionsSchema.parse(given);
  const prefix = `commbench.rabbitmq-test.${process.pid}.${++names}`;
  const common = { options, interaction, concurrency: SLOTS };
  const provisioned = await provisionRabbitmq({ ...common, subscribers, brokerUrl, prefix });
  const { address } = provisioned;
  const context: ServeContext<RabbitmqOptions> = { ...common, subscriber: 0, address };
  const { queues, exchange } = queueLocationOf(prefix, interaction, subscribers);
  const queue = queues[0]!;
  return {
    ...provisioned,
    options,
    context,
    prefix,
    exchange,
    queues,
    queue,
    dead: deadLetterQueue(queue),
    connect: (): Promise<Connection> => connectRabbitmq(address, context),
    serve: (handler: Handler, subscriber = 0): Promise<Server> =>
      serveRabbitmq(handler, { ...context, subscriber }),
  };
}

/** A client that knows nothing of ours: looks at the broker, and plays the other side. */
export async function openStranger(brokerUrl: string): Promise<Channel & AsyncDisposable> {
  const connection = await connect(brokerUrl, { noDelay: true });
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  return Object.assign(channel, { [Symbol.asyncDispose]: () => connection.close() });
}

/** Messages ready in a queue, undefined where there is no such queue. */
export async function depthOf(brokerUrl: string, queue: string): Promise<number | undefined> {
  await using channel = await openStranger(brokerUrl);
  try {
    return (await channel.checkQueue(queue)).messageCount;
  } catch {
    return undefined;
  }
}

/** The broker moves or drops a message after it said so: looked up until it has. */
export async function untilDepth(brokerUrl: string, queue: string, depth: number): Promise<void> {
  while ((await depthOf(brokerUrl, queue)) !== depth);
}
