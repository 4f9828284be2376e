import { byOperation, sharedSettings } from '../by-operation.ts';
import { tracedByName } from '../../kernel/envelope.ts';
import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, Message, TargetContext, TargetRequest } from '../../kernel/transport.ts';
import { topicLocationOf } from './address.ts';
import { connectPublisher } from './client.ts';
import type { OutRecord } from './links/link.ts';
import type { KafkaOptions } from './options.ts';
import type { KafkaTarget } from './target.ts';

/** Publishes to a topic of the user's own. @param address as `findKafkaTarget` gives it @throws CommbenchError broker-unreachable */
export async function connectKafkaTarget(
  address: Address,
  context: TargetContext<KafkaOptions, KafkaTarget>,
): Promise<Connection> {
  const { options, tls } = context;
  const writeOf = byOperation(context, writeTemplates);
  const { topic, acks, sasl } = sharedSettings(context);
  const place = topicLocationOf(address, { tls, sasl });
  const write = (message: Message) => writeOf(message)(message);
  return connectPublisher({ place, topic, write }, { ...options, acks });
}

function writeTemplates({ settings, seed }: TargetRequest<KafkaTarget>): (message: Message) => OutRecord {
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
    headers: tracedByName(
      Object.fromEntries(headers.map(([name, fill]) => [name, fill(envelope)])),
      envelope,
    ),
  });
}
