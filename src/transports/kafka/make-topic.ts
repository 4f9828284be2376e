import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { topicSettings } from './provision-admin.ts';

const LED_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 20;
/** A broker's errors for a topic that is being created. */
const NOT_YET: readonly unknown[] = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
];

type TopicAdmin = Pick<Admin, 'createTopics' | 'fetchTopicOffsets'>;

/**
 * Creates a topic and waits until the leader of each partition answers a request for its offsets. kafkajs's own wait
 * gives up where the broker has not yet heard of the topic from the controller. It is also content with leaders that
 * are named before they lead: the first send then fails and is retried late.
 * @returns false where the topic exists already
 * @throws kafkajs's error, when the topic has no leaders after 10 s
 */
export async function makeTopic(admin: TopicAdmin, topic: string, partitions: number): Promise<boolean> {
  const plan = { topic, numPartitions: partitions, replicationFactor: -1, configEntries: topicSettings };
  const isNew = await admin.createTopics({ waitForLeaders: false, topics: [plan] });
  if (isNew) await untilLed(admin, topic);
  return isNew;
}

async function untilLed(admin: TopicAdmin, topic: string): Promise<void> {
  const until = performance.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (!isNotYet(error) || performance.now() > until) throw error;
    }
    await sleep(POLL_EVERY_MS);
  }
}

/** kafkajs wraps what it has tried in vain into an error of its own. */
function isNotYet(error: unknown): boolean {
  const { type, cause } = error as { type?: unknown; cause?: { type?: unknown } };
  return NOT_YET.includes(type) || NOT_YET.includes(cause?.type);
}
