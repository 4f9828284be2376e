import type { Failure } from '../../../kernel/transport.ts';
import type { TopicLocation } from '../address.ts';
import type { KafkaOptions } from '../options.ts';

/** An outgoing record; the key decides the partition, by murmur2 as in Kafka's own client. */
export interface OutRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A received record. */
export interface InRecord {
  readonly value: Buffer;
  header(name: string): string | undefined;
}

export interface Producer extends AsyncDisposable {
  /** One produce request; undefined when the broker has accepted all of them (with acks 0: when they were written). */
  produce(records: readonly OutRecord[]): Promise<Failure | undefined>;
  /** Calls back at each loss of its connection. Absent where the library comes back by itself, unnoticed. */
  onLost?(react: () => void): void;
}

export interface Consumer extends AsyncDisposable {
  /** Resolves with the reason when it does not reconnect by itself. */
  readonly lost: Promise<string>;
}

export interface ConsumerPlan {
  readonly topic: string;
  readonly group: string;
  /** Most records handled at once, and never two of one partition. */
  readonly concurrency: number;
  /**
   * Commits its position in the broker. Pointless for a group that is never resumed, where a commit per record would
   * only cost.
   */
  readonly commits: boolean;
}

/** Settles when the record's work is done and its offset may be committed. Never rejects. */
export type Take = (record: InRecord) => Promise<void>;

/** The used part of both client libraries. */
export interface KafkaClient {
  /**
   * Resolves when connected, with the topics' leaders and a connection to them known, so that the first send costs no
   * more than the others.
   */
  openProducer(place: TopicLocation, options: KafkaOptions, topics: readonly string[]): Promise<Producer>;
  /** Resolves when the group has assigned its partitions. */
  openConsumer(
    place: TopicLocation,
    options: KafkaOptions,
    plan: ConsumerPlan,
    take: Take,
  ): Promise<Consumer>;
}

/** Time for sends still held by the client library, when a connection is given up. */
export const FLUSH_MS = 1000;

/** Time for open records and for leaving the group in an orderly end. */
export const STOP_MS = 600;
