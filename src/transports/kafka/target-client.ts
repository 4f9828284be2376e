import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, Message, TargetContext } from '../../kernel/transport.ts';
import { connectPublisher } from './client.ts';
import type { OutRecord } from './link.ts';
import type { KafkaOptions } from './options.ts';
import type { KafkaTarget } from './target.ts';
import { findTopic } from './target-topic.ts';

/**
 * Publishes to a topic of the user's own, which is looked for, and never made or deleted.
 * @throws CommbenchError broker-unreachable; child-failed where there is no such topic
 */
export async function connectKafkaTarget(
  { url }: Address,
  { options, settings, seed }: TargetContext<KafkaOptions, KafkaTarget>,
): Promise<Connection> {
  const { topic, acks } = settings;
  const place = await findTopic(url, topic, options);
  return connectPublisher({ place, topic, write: writeTemplates(settings, seed) }, { ...options, acks });
}

function writeTemplates(settings: KafkaTarget, seed: number): (message: Message) => OutRecord {
  const { topic } = settings;
  const body = parseBody(settings.body, seed);
  const key = parseText(settings.key, seed, 'key');
  const headers = Object.entries(settings.headers).map(
    ([name, text]) => [name, parseText(text, seed, `headers.${name}`)] as const,
  );
  return ({ envelope }) => ({
    topic,
    key: key(envelope),
    value: Buffer.from(body(envelope)),
    headers: Object.fromEntries(headers.map(([name, fill]) => [name, fill(envelope)])),
  });
}
