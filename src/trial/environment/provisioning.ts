import { CommbenchError } from '../../kernel/errors.ts';
import type { ProvisionContext, Provisioned, TransportDefinition } from '../../kernel/transport.ts';
import type { Testbed } from './testbed.ts';

/** What is in a broker for one subscriber of a trial. */
export interface BrokerStore {
  readonly provisioned: Pick<Provisioned, 'deadLettered' | 'held'>;
  /** Whose messages they are, by its place in the ledgers. */
  readonly subscriber: number;
  /** The same, by the broker's own count. */
  readonly place: number;
}

/**
 * Makes what a trial needs in the transport's broker; undefined where it needs none.
 * @param suffix tells several of one trial apart
 * @throws CommbenchError child-failed: the broker is gone, or could not be prepared, which is this trial's failure alone
 */
export async function provision(
  testbed: Testbed,
  definition: TransportDefinition,
  context: Omit<ProvisionContext, 'brokerUrl' | 'prefix'>,
  suffix: string,
): Promise<Provisioned | undefined> {
  const broker = testbed.brokers.get(definition.broker?.name ?? '');
  if (definition.broker && !broker) {
    throw new CommbenchError('child-failed', `${definition.broker.title} was lost and did not come back`);
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
