import { connect } from 'node:net';
import { CommbenchError } from '../../../kernel/errors.ts';
import type { Failure } from '../../../kernel/transport.ts';
import type { Place } from '../address.ts';
import type { KafkaOptions } from '../options.ts';

/** A record on its way out; the key decides the partition, by murmur2 as in Kafka's own client. */
export interface OutRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it came. */
export interface InRecord {
  readonly value: Buffer;
  header(name: string): string | undefined;
}

export interface Producer extends AsyncDisposable {
  /** One produce request; undefined when the broker has taken all of them (with acks 0: when they were written). */
  produce(records: readonly OutRecord[]): Promise<Failure | undefined>;
}

export interface Consumer extends AsyncDisposable {
  /** Resolves with the reason when it does not come back by itself. */
  readonly lost: Promise<string>;
}

export interface ConsumerPlan {
  readonly topic: string;
  readonly group: string;
  /** So many records at work at once, at most, and never two of one partition. */
  readonly concurrency: number;
  /** Keeps its place in the broker; else nobody ever goes on from there, and a commit per record would only cost. */
  readonly commits: boolean;
}

/** Settles when the record's work is done and its offset may be committed. Never rejects. */
export type Take = (record: InRecord) => Promise<void>;

/** What both client libraries are used for, and no more. */
export interface KafkaClient {
  /**
   * Resolves when connected, and with all that the first send to these topics needs (their leaders, and a
   * connection to them): it must not be dearer than the others.
   */
  openProducer(place: Place, options: KafkaOptions, topics: readonly string[]): Promise<Producer>;
  /** Resolves when the group has given out its partitions. */
  openConsumer(place: Place, options: KafkaOptions, plan: ConsumerPlan, take: Take): Promise<Consumer>;
}

/** A connection that is given up waits so long for sends that the client library still holds. */
export const FLUSH_MS = 1000;

/** An orderly end waits so long for records at work and for leaving the group. */
export const STOP_MS = 600;

/**
 * Loads the library that the options name.
 * @throws CommbenchError broker-unreachable where nobody listens: both libraries would go on trying for a minute
 */
export async function loadClient(place: Place, options: KafkaOptions): Promise<KafkaClient> {
  const [client] = await Promise.all([
    options.client === 'kafkajs'
      ? import('./kafkajs.ts').then(({ kafkajsClient }) => kafkajsClient)
      : import('./platformatic.ts').then(({ platformaticClient }) => platformaticClient),
    assertListening(place, options.connectTimeoutMs),
  ]);
  return client;
}

async function assertListening({ host, port }: Place, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, noDelay: true, timeout: timeoutMs }, resolve);
  socket.once('error', reject);
  socket.once('timeout', () => reject(new Error(`no connection in ${timeoutMs} ms`)));
  try {
    await promise;
  } catch (error) {
    throw unreachable(`${host}:${port}`, error);
  } finally {
    socket.destroy();
  }
}

export function unreachable(where: string, cause: unknown): CommbenchError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new CommbenchError('broker-unreachable', `Expected Kafka at ${where}, found: ${said}`, {
    hint: 'commbench doctor shows which broker is used',
    cause,
  });
}
