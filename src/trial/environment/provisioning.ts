import { CommbenchError } from '../../kernel/errors.ts';
import type { ProvisionContext, Provisioned, TransportDefinition } from '../../kernel/transport.ts';
import type { Testbed } from './testbed.ts';

/** Queues or topics of one subscriber of a trial in a broker. */
export interface BrokerStore {
  readonly provisioned: Pick<Provisioned, 'deadLettered' | 'held'>;
  /** Index of the subscriber in the ledgers. */
  readonly subscriber: number;
  /** Index of the subscriber within the broker. */
  readonly place: number;
}

/**
 * Makes a trial's queues or topics in the transport's broker; undefined where it needs none.
 * @param suffix distinguishes several of one trial
 * @throws CommbenchError child-failed: the broker is gone, or could not be prepared, which fails this trial alone
 */
export async function provision(
  testbed: Testbed,
  definition: TransportDefinition,
  context: Omit<ProvisionContext, 'brokerUrl' | 'prefix'>,
  suffix: string,
): Promise<Provisioned | undefined> {
  const broker = testbed.brokers.get(definition.broker?.name ?? '');
  if (definition.broker && !broker) {
    throw new CommbenchError('child-failed', `${definition.broker.title} was lost and did not restart`);
  }
  if (!definition.parts.provision || !broker) return undefined;
  const make = await definition.parts.provision();
  try {
    const prefix = `commbench.${testbed.mark}.${suffix}`;
    return await make({ ...context, brokerUrl: broker.url, prefix });
  } catch (error) {
    throw new CommbenchError(
      'child-failed',
      `could not prepare ${broker.name}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
