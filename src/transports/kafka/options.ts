import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';

/**
 * Options of the Kafka transport. The defaults are the *patient* profile: an application that survives a
 * restart of its broker. Nagle is always off; a new group always starts at the earliest offset.
 */
export const kafkaOptionsSchema = z
  .strictObject({
    client: z.enum(['kafkajs', 'platformatic']).default('kafkajs').describe('the client library'),
    profile: z
      .enum(['patient', 'library-defaults'])
      .default('patient')
      .describe(
        'after a loss of the connection: patient: the producer reconnects and sends nothing again, the consumer retries ' +
          'through a restart of the broker. library-defaults: both retry as the library is shipped',
      ),
    acks: wholeNumber(-1, 1)
      .default(-1)
      .describe(
        'replicas that must have a record before it counts as sent: -1 all in sync, 1 the leader, 0 none',
      ),
    compression: z
      .enum(['none', 'gzip', 'lz4', 'zstd', 'snappy'])
      .default('none')
      .describe('compression of a batch of records'),
    idempotent: z
      .boolean()
      .default(false)
      .describe('the broker drops repeats of the producer; kafkajs then has one open request at a time'),
    lingerMs: wholeNumber(0, 1000)
      .default(0)
      .describe('time for which records are batched before they are sent; 0: each is a request of its own'),
    maxBatchRecords: wholeNumber(1, 10_000)
      .default(100)
      .describe('batch size at which records are sent without waiting longer'),
    maxUnconfirmed: wholeNumber(1, 1_000_000)
      .default(10_000)
      .describe('messages without confirm or reply; further ones are refused, without effect'),
    connectTimeoutMs: wholeNumber(100, 60_000)
      .default(5000)
      .describe('longest wait for one attempt to connect'),
    reconnectDelayMs: wholeNumber(10, 60_000)
      .default(200)
      .describe('pause before each attempt of the patient producer to reconnect'),
    requestTimeoutMs: wholeNumber(100, 600_000)
      .default(30_000)
      .describe('longest wait of the client for one response of the broker'),
    maxWaitMs: wholeNumber(1, 60_000)
      .default(250)
      .describe('longest wait of the broker before it responds to an empty fetch; a record ends it at once'),
    sessionTimeoutMs: wholeNumber(1000, 1_800_000)
      .optional()
      .describe(
        'time for which the partitions of a dead consumer are idle; by default 6000 in the patient profile (the ' +
          "broker's minimum), else the library's: 30000 (kafkajs), 60000 (platformatic)",
      ),
    heartbeatMs: wholeNumber(100, 600_000)
      .optional()
      .describe(
        "pause between heartbeats; by default a third of the session time-out, at most the libraries' 3000",
      ),
    commit: z
      .enum(['after-effect', 'auto'])
      .default('after-effect')
      .describe('commit of the offset: after each effect, or by the timer of the client library'),
    autoCommitMs: wholeNumber(10, 600_000).default(5000).describe('pause between commits by timer'),
  })
  .refine((options) => !options.idempotent || options.acks === -1, {
    path: ['acks'],
    message: 'idempotent needs acks -1',
  });
export type KafkaOptions = z.infer<typeof kafkaOptionsSchema>;
