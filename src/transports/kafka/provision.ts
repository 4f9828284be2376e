import type { Admin } from 'kafkajs';
import { untilReady } from '../../platform/process/until-ready.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Address, ProvisionContext, Provisioned } from '../../kernel/transport.ts';
import { consumerGroupOf, topicLocationOf } from './address.ts';
import type { KafkaOptions } from './options.ts';
import { makeTopic } from './make-topic.ts';
import { withAdmin } from './provision-admin.ts';

/** A restarted broker serves its topics before its groups: "not the correct coordinator". */
const ANSWERS_WITHIN_MS = 30_000;

/**
 * A trial's own topic, verified new, with as many partitions as the service's concurrency; groups are created by use.
 */
export async function provisionKafka(context: ProvisionContext<KafkaOptions>): Promise<Provisioned> {
  const { brokerUrl: url, options, prefix: topic, concurrency } = context;
  const place = topicLocationOf({ url });
  const address = await withAdmin(place, options, async (admin): Promise<Address> => {
    const { brokers } = await admin.describeCluster();
    await createTopic(admin, topic, concurrency);
    const [only] = brokers;
    return { url, topic, ...(brokers.length === 1 ? { advertised: `${only!.host}:${only!.port}` } : {}) };
  });
  return {
    address,
    held: (subscriber) =>
      untilReady(
        () => withAdmin(place, options, (admin) => lagOf(admin, topic, consumerGroupOf(topic, subscriber))),
        AbortSignal.timeout(ANSWERS_WITHIN_MS),
      ),
    async [Symbol.asyncDispose]() {
      // Without the broker there is nothing left to delete, or it expires.
      await withAdmin(place, options, (admin) => removeAll(admin, topic)).catch(() => undefined);
    },
  };
}

async function createTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  const isNew = await makeTopic(admin, topic, partitions);
  if (isNew) return;
  const offsets = await admin.fetchTopicOffsets(topic);
  const records = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  throw new CommbenchError(
    'broker-unreachable',
    `Expected the topic ${topic} to be new, found ${records} records in ${offsets.length} partitions`,
    { hint: 'Another run uses this broker, or left this topic: delete it, or give another broker.' },
  );
}

/** Records past what the group has committed. */
async function lagOf(admin: Admin, topic: string, groupId: string): Promise<number> {
  const [ends, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const committed = new Map(
    groups.flatMap(({ partitions }) => partitions.map((p) => [p.partition, p.offset])),
  );
  return ends.reduce((sum, { partition, high, low }) => {
    // -1: it has committed nothing yet, and begins with the earliest.
    const next = Math.max(Number(low), Number(committed.get(partition) ?? -1));
    return sum + Math.max(0, Number(high) - next);
  }, 0);
}

/** Removes the topic, those for answers, and the groups: all whose names begin with the topic's. */
async function removeAll(admin: Admin, topic: string): Promise<void> {
  const isOurs = (name: string) => name === topic || name.startsWith(`${topic}.`);
  const { groups } = await admin.listGroups();
  const groupIds = groups.map(({ groupId }) => groupId).filter(isOurs);
  // A group that still has members remains, and expires without them.
  await admin.deleteGroups(groupIds).catch(() => undefined);
  const topics = (await admin.listTopics()).filter(isOurs);
  await admin.deleteTopics({ topics });
}
