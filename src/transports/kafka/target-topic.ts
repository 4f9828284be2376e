import type { Admin } from 'kafkajs';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Address, FoundTarget, TargetContext } from '../../kernel/transport.ts';
import { type Place, placeOf } from './address.ts';
import type { KafkaOptions } from './options.ts';
import { withAdmin } from './provision-admin.ts';
import type { KafkaTarget } from './target.ts';

/** The topic of a target. @throws CommbenchError child-failed where there is none; broker-unreachable */
export async function findKafkaTarget(
  address: Address,
  { options, settings: { topic } }: TargetContext<KafkaOptions, KafkaTarget>,
): Promise<FoundTarget> {
  const { advertised } = await findTopic(address.url, topic, options, () => Promise.resolve());
  return { address: advertised === undefined ? address : { ...address, advertised } };
}

/**
 * A topic of the user's own: looked for, never made.
 * @param use on the connection on which it was found
 * @returns where its broker is to be reached
 * @throws CommbenchError child-failed where there is none; broker-unreachable
 */
export async function findTopic(
  url: string,
  topic: string,
  options: KafkaOptions,
  use: (admin: Admin) => Promise<void>,
): Promise<Place> {
  const place = placeOf({ url });
  return withAdmin(place, options, async (admin) => {
    const [topics, { brokers }] = await Promise.all([admin.listTopics(), admin.describeCluster()]);
    if (!topics.includes(topic)) throw noTopic(topic, place);
    await use(admin);
    const [only] = brokers;
    return brokers.length === 1 ? { ...place, advertised: `${only!.host}:${only!.port}` } : place;
  });
}

function noTopic(topic: string, { host, port }: Place): CommbenchError {
  return new CommbenchError(
    'child-failed',
    `Expected a topic ${topic} at ${host}:${port}, found none of that name`,
    { hint: 'Topics of your own are never made here: create it, or mend its name' },
  );
}
