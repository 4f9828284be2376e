import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';
import { saslSchema } from '../../platform/net/security-schema.ts';
import type { TargetSupport } from '../../kernel/transport.ts';
import type { KafkaOptions } from './options.ts';

const targetSchema = z.strictObject({
  topic: z.string().min(1).max(249).describe('topic to publish to; it must exist'),
  key: z
    .string()
    .max(1000)
    .default('{{key}}')
    .describe('key of each record, with {{holes}}, which decides its partition'),
  body: z.json().describe('body, with {{holes}}: a text is sent as it is, anything else as JSON'),
  headers: z
    .record(z.string().min(1).max(200), z.string().max(4000))
    .default({})
    .describe('headers of each record, with {{holes}}'),
  acks: wholeNumber(-1, 1)
    .default(-1)
    .describe(
      "required ack, in place of the pattern's own option: -1 all replicas in sync, 1 the leader; 0: none, without acceptance latency",
    ),
  sasl: saslSchema.optional().describe('login at the broker; none: without'),
});
export type KafkaTarget = z.infer<typeof targetSchema>;

const ACKNOWLEDGED_BY: Readonly<Record<number, string>> = {
  [-1]: 'all replicas in sync, as many as the topic has; the work is not done yet',
  1: 'the leader alone; the work is not done yet',
  0: 'no acknowledgement: a record counts as sent when it was written to the socket',
};

/** A topic of the user's own: any body, headers and key, with the acks that they request. */
export const kafkaTarget: TargetSupport<KafkaOptions, KafkaTarget> = {
  settings: targetSchema,
  shared: ['topic', 'acks', 'sasl'],
  credentials: "sasl: { mechanism: scram-sha-512, username: NAME, password: '{{env PASSWORD}}' }",
  outlet: { kind: 'topic', protocols: ['kafka:', 'kafkas:', 'kafka+ssl:'] },
  acknowledgedBy: ({ acks }) => ACKNOWLEDGED_BY[acks]!,
  fairness: ({ client, lingerMs, compression, idempotent }, _url, { topic, key, acks, sasl }) => ({
    protocol: `Kafka, ${client === 'kafkajs' ? 'kafkajs' : '@platformatic/kafka'} as the client`,
    requests: `to the topic ${topic}, partition by murmur2 of the key ${key}`,
    publishing: `acks ${acks === -1 ? 'all' : acks}, compression ${compression}, ${
      lingerMs === 0 ? 'each record a request of its own' : `batched for ${lingerMs} ms`
    }, ${idempotent ? '' : 'not '}idempotent`,
    connections: 'one',
    ...(sasl ? { login: `SASL ${sasl.mechanism}` } : {}),
    noDelay: 'on in the client; unknown for the target',
  }),
};
