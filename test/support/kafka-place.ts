import type { Handler } from '../../src/kernel/transport.ts';
import { connectKafka } from '../../src/transports/kafka/client.ts';
import { topicLocationOf } from '../../src/transports/kafka/address.ts';
import { type KafkaOptions, kafkaOptionsSchema } from '../../src/transports/kafka/options.ts';
import { withAdmin } from '../../src/transports/kafka/provision-admin.ts';
import { provisionKafka } from '../../src/transports/kafka/provision.ts';
import { serveKafka } from '../../src/transports/kafka/server.ts';

export const KAFKA_SLOTS = 3;
let places = 0;

/** A topic of a test's own, and whoever speaks over it; removed at the end. */
export async function openKafkaPlace(
  brokerUrl: string,
  asked: { readonly interaction?: string; readonly options?: Partial<KafkaOptions> } = {},
) {
  const { interaction = 'publish-subscribe' } = asked;
  const options = kafkaOptionsSchema.parse(asked.options ?? {});
  const prefix = `commbench.kafka-test.${process.pid}.${++places}`;
  const common = { options, interaction, concurrency: KAFKA_SLOTS };
  const provisioned = await provisionKafka({ ...common, subscribers: 2, brokerUrl, prefix });
  const { address } = provisioned;
  return {
    options,
    prefix,
    address,
    held: provisioned.held!,
    serve: (handler: Handler, subscriber = 0, at = address) =>
      serveKafka(handler, { ...common, subscriber, address: at }),
    connect: (at = address) => connectKafka(at, { options, interaction }),
    [Symbol.asyncDispose]: () => provisioned[Symbol.asyncDispose](),
  };
}

/** Topics and groups of these names in the broker. */
export function namesIn(brokerUrl: string, prefix: string): Promise<{ topics: string[]; groups: string[] }> {
  return withAdmin(topicLocationOf({ url: brokerUrl }), kafkaOptionsSchema.parse({}), async (admin) => {
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
    const isIn = (name: string) => name.startsWith(prefix);
    return {
      topics: (await admin.listTopics()).filter(isIn).toSorted(),
      groups: groups.filter(isIn).toSorted(),
    };
  });
}

/** Offsets of all partitions of a topic, added up: how many records it was given. */
export function recordsIn(brokerUrl: string, topic: string): Promise<number> {
  return withAdmin(topicLocationOf({ url: brokerUrl }), kafkaOptionsSchema.parse({}), async (admin) =>
    (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0),
  );
}

/** Committed offset of each partition; -1: none. */
export function committedBy(brokerUrl: string, groupId: string, topic: string): Promise<string[]> {
  return withAdmin(topicLocationOf({ url: brokerUrl }), kafkaOptionsSchema.parse({}), async (admin) =>
    (await admin.fetchOffsets({ groupId, topics: [topic] })).flatMap(({ partitions }) =>
      partitions.map(({ offset }) => offset),
    ),
  );
}
