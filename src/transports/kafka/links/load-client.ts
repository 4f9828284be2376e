import { connect } from 'node:net';
import { CommbenchError } from '../../../kernel/errors.ts';
import { assertTargetLibrary } from '../../target-library.ts';
import type { TopicLocation } from '../address.ts';
import type { KafkaOptions } from '../options.ts';
import type { KafkaClient } from './link.ts';

/**
 * Loads the library that the options name. @throws CommbenchError broker-unreachable without a listener, where both
 * libraries would retry for a minute
 */
export async function loadClient(place: TopicLocation, options: KafkaOptions): Promise<KafkaClient> {
  // The other library takes one name for the certificates of all brokers.
  if (place.tls ?? place.sasl) assertTargetLibrary(options.client, 'kafkajs');
  const [client] = await Promise.all([
    options.client === 'kafkajs'
      ? import('./kafkajs.ts').then(({ kafkajsClient }) => kafkajsClient)
      : import('./platformatic.ts').then(({ platformaticClient }) => platformaticClient),
    assertListening(place, options.connectTimeoutMs),
  ]);
  return client;
}

async function assertListening({ host, port }: TopicLocation, timeoutMs: number): Promise<void> {
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
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CommbenchError('broker-unreachable', `Expected Kafka at ${where}, found: ${message}`, {
    hint: '`commbench doctor` shows which broker is used.',
    cause,
  });
}
