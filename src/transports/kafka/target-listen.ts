import type { Admin } from 'kafkajs';
import type { OutletContext, OutletListener, TargetOutlet } from '../../kernel/target-outlet.ts';
import type { Take } from './links/link.ts';
import { loadClient } from './links/load-client.ts';
import type { KafkaOptions } from './options.ts';
import { topicLocationOf } from './address.ts';
import { withAdmin } from './provision-admin.ts';
import { findTopic } from './target-topic.ts';

/** Partitions are read in parallel, each in its order. */
const CONCURRENCY = 8;

/**
 * Reads the topic into which the user's service writes, from its present end. A group of our own is committed at that
 * end before it has a member, so that no record is missed while it is joined. The group is removed afterwards.
 */
export async function listenKafka(
  { url, name: topic, prefix, ...security }: TargetOutlet,
  { options, take }: OutletContext<KafkaOptions>,
): Promise<OutletListener> {
  const group = `${prefix}.completion`;
  const bootstrap = topicLocationOf({ url }, security);
  const place = await findTopic(bootstrap, topic, options, (admin) => standAtEnd(admin, group, topic));
  const client = await loadClient(place, options);
  const plan = { topic, group, concurrency: CONCURRENCY, commits: false };
  const takeOne: Take = async (record) =>
    take({ content: record.value, header: (name) => record.header(name) });
  const consumer = await client.openConsumer(place, options, plan, takeOne);
  return {
    lost: consumer.lost,
    async [Symbol.asyncDispose]() {
      await consumer[Symbol.asyncDispose]();
      // Without the broker there is nothing left to remove, or it expires.
      const leave = (admin: Admin) => admin.deleteGroups([group]);
      await withAdmin(bootstrap, options, leave).catch(() => undefined);
    },
  };
}

async function standAtEnd(admin: Admin, groupId: string, topic: string): Promise<void> {
  const ends = await admin.fetchTopicOffsets(topic);
  const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
  await admin.setOffsets({ groupId, topic, partitions });
}
