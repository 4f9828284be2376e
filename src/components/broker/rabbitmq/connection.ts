import type { ChannelModel } from 'amqplib';
import type { FindContext } from '../../../kernel/component.ts';
import { untilAborted, endsWithin } from '../../../kernel/wait.ts';
import { orClosed } from '../../../transports/rabbitmq/or-closed.ts';
import type { BrokerClient } from '../recipe.ts';
import { nowNs, NS_PER_S } from '../../../kernel/clock.ts';

/** Long: on a machine with three times its load a healthy broker took more than 5 s. */
const CONNECT_MS = 15_000;
const CLOSE_MS = 1000;
const WARM_MESSAGES = 5000;
const WARM_OPEN = 500;
const BODY = Buffer.alloc(256, 'a');

/** For maintaining a broker, never for measuring. */
export const rabbitClient: BrokerClient = {
  greet: greetRabbitmq,
  prove: proveRabbitmqReady,
  warm: pushThroughRabbitmq,
};

/** A connection for maintaining the broker, never for measuring. Nagle off, as everywhere. */
async function openAmqpConnection(url: string, signal: AbortSignal): Promise<ChannelModel & AsyncDisposable> {
  // Loaded only where such a broker is used.
  const { connect } = await import('amqplib');
  signal.throwIfAborted();
  const opening = connect(url, { noDelay: true, timeout: CONNECT_MS });
  const model = await untilAborted(opening, signal, (late) => void closeQuietly(late));
  // Without a listener, a broken connection would end the process; pending calls fail anyway.
  model.on('error', () => undefined);
  return Object.assign(model, { [Symbol.asyncDispose]: () => closeQuietly(model) });
}

async function greetRabbitmq(url: string, { signal }: FindContext): Promise<string> {
  await using model = await openAmqpConnection(url, signal);
  // Version that the broker reports, e.g. `3.10.8`.
  const version: unknown = model.connection.serverProperties.version;
  return typeof version === 'string' ? version : 'unknown';
}

/**
 * The proof that a broker is ready: it made a durable queue and confirmed a persistent message. (The port opens earlier
 * than that.)
 */
async function proveRabbitmqReady(url: string, signal: AbortSignal): Promise<void> {
  await using model = await openAmqpConnection(url, signal);
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  const queue = queueName('ready');
  const work = async () => {
    await channel.assertQueue(queue, { durable: true });
    channel.sendToQueue(queue, BODY, { persistent: true });
    await channel.waitForConfirms();
    await channel.deleteQueue(queue);
  };
  await untilAborted(orClosed(model, work()), signal);
}

/** Pushes messages along the path of trials: persistent, confirmed, consumed, acknowledged. */
async function pushThroughRabbitmq(url: string, signal: AbortSignal): Promise<string> {
  const startNs = nowNs();
  await using model = await openAmqpConnection(url, signal);
  const queue = queueName('warm');
  await untilAborted(orClosed(model, publishAndConsume(model, queue, signal)), signal);
  const seconds = (nowNs() - startNs) / NS_PER_S;
  return `${WARM_MESSAGES} persistent messages confirmed and consumed in ${seconds.toFixed(1)} s`;
}

async function publishAndConsume(model: ChannelModel, queue: string, signal: AbortSignal): Promise<void> {
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  await channel.assertQueue(queue, { durable: true });
  await channel.prefetch(WARM_OPEN);
  const { promise: allConsumed, resolve } = Promise.withResolvers<void>();
  let consumed = 0;
  await channel.consume(queue, (message) => {
    if (!message) return;
    channel.ack(message);
    if (++consumed === WARM_MESSAGES) resolve();
  });
  for (let sent = 0; sent < WARM_MESSAGES && !signal.aborted; sent += WARM_OPEN) {
    for (let i = 0; i < WARM_OPEN; i++) channel.sendToQueue(queue, BODY, { persistent: true });
    await channel.waitForConfirms();
  }
  await allConsumed;
  await channel.deleteQueue(queue);
}

function queueName(purpose: string): string {
  return `commbench-${purpose}-${process.pid}-${nowNs()}`;
}

/** Bounded, as a frozen or killed broker never replies to a close. */
async function closeQuietly(model: ChannelModel): Promise<void> {
  await endsWithin(CLOSE_MS, model.close());
}
