import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { CommbenchError } from '../../kernel/errors.ts';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';

const READ_MS = 10_000;

/**
 * Sequences of the measured messages in a dead-letter queue. They are read without acknowledgement and return to the
 * queue when the channel closes.
 * @throws CommbenchError where not all of them came in time
 */
export async function readDeadLetters(connection: ChannelModel, queue: string): Promise<number[]> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  const { messageCount } = await channel.checkQueue(queue);
  const sequences = new Set<number>();
  if (messageCount > 0) {
    await receive(channel, queue, messageCount, (message) => {
      const sequence = measuredSequence(message);
      if (sequence !== undefined) sequences.add(sequence);
    });
  }
  await channel.close();
  return [...sequences];
}

/** Delivers a number of messages of a queue. */
async function receive(
  channel: Channel,
  queue: string,
  count: number,
  take: (message: ConsumeMessage) => void,
): Promise<void> {
  const all = Promise.withResolvers<void>();
  let received = 0;
  const fail = (when: string) => {
    const text = `Expected ${count} messages from ${queue}, found ${received} ${when}`;
    all.reject(new CommbenchError('broker-unreachable', text));
  };
  const bound = setTimeout(() => fail(`in ${READ_MS} ms`), READ_MS);
  channel.once('close', () => fail('before the channel closed'));
  const onMessage = (message: ConsumeMessage | null) => {
    if (!message) return fail('before the queue was deleted');
    if (received === count) return;
    take(message);
    if (++received === count) all.resolve();
  };
  try {
    await Promise.all([all.promise, channel.consume(queue, onMessage)]);
  } finally {
    clearTimeout(bound);
  }
}

function measuredSequence({ properties }: ConsumeMessage): number | undefined {
  const text: unknown = properties.headers?.[ENVELOPE_HEADER];
  const envelope = typeof text === 'string' ? decodeEnvelope(text) : undefined;
  return envelope?.stage === 'measured' ? envelope.sequence : undefined;
}
