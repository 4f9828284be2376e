import type { Transport, TransportDefinition } from '../../src/kernel/transport.ts';

/** Every part of a transport, for tests that serve and connect in one process. */
export async function wholeTransport({ parts }: Pick<TransportDefinition, 'parts'>): Promise<Transport> {
  const loaded = Object.entries(parts).map(async ([name, load]) => [name, await load()] as const);
  return Object.fromEntries(await Promise.all(loaded)) as unknown as Transport;
}
