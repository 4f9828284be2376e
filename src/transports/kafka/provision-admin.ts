import type { Admin } from 'kafkajs';
import type { TopicLocation } from './address.ts';
import { unreachable } from './links/load-client.ts';
import { createKafkajs } from './links/kafkajs.ts';
import type { KafkaOptions } from './options.ts';

/** Requests to a running broker: a few quick tries, then the error. */
const FEW_TRIES = { initialRetryTime: 50, retries: 5 };

/** Settings of a trial's topics, equal on every broker. */
export const topicSettings = [
  // If no process is left to delete them, their records expire after an hour.
  { name: 'retention.ms', value: '3600000' },
  // Kafka's own limit, 1 MiB with the overhead of a batch, is below the largest payload.
  { name: 'max.message.bytes', value: '10485760' },
];

/**
 * A short-lived administrator (kafkajs, whichever client the pattern measures).
 * @throws CommbenchError broker-unreachable
 */
export async function withAdmin<T>(
  place: TopicLocation,
  options: KafkaOptions,
  use: (admin: Admin) => Promise<T>,
): Promise<T> {
  await using client = createKafkajs(place, options, FEW_TRIES);
  const admin = client.kafka.admin();
  try {
    await admin.connect();
  } catch (error) {
    throw unreachable(`${place.host}:${place.port}`, error);
  }
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
