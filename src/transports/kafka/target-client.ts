import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, Message, TargetContext } from '../../kernel/transport.ts';
import { topicLocationOf } from './address.ts';
import { connectPublisher } from './client.ts';
import type { OutRecord } from './links/link.ts';
import type { KafkaOptions } from './options.ts';
import type { KafkaTarget } from './target.ts';

/** Publishes to a topic of the user's own. @param address as `findKafkaTarget` gives it @throws CommbenchError broker-unreachable */
export async function connectKafkaTarget(
  address: Address,
  { options, settings, seed, tls }: TargetContext<KafkaOptions, KafkaTarget>,
): Promise<Connection> {
  const { topic, acks, sasl } = settings;
  const place = topicLocationOf(address, { tls, sasl });
  const publishing = { place, topic, write: writeTemplates(settings, seed) };
  return connectPublisher(publishing, { ...options, acks });
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
