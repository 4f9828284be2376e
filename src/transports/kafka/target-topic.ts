import type { Admin } from 'kafkajs';
import { CommbenchError } from '../../kernel/errors.ts';
import { assertLoopback } from '../../platform/net/loopback.ts';
import type { Address, FoundTarget, TargetContext } from '../../kernel/transport.ts';
import { type TopicLocation, topicLocationOf } from './address.ts';
import { sharedSettings } from '../by-operation.ts';
import type { KafkaOptions } from './options.ts';
import { withAdmin } from './provision-admin.ts';
import type { KafkaTarget } from './target.ts';

/**
 * The topic of a target.
 * @throws CommbenchError child-failed where it does not exist; broker-unreachable
 */
export async function findKafkaTarget(
  address: Address,
  context: TargetContext<KafkaOptions, KafkaTarget>,
): Promise<FoundTarget> {
  const { topic, sasl } = sharedSettings(context);
  const place = topicLocationOf({ url: address.url }, { tls: context.tls, sasl });
  const { advertised } = await findTopic(place, topic, context.options, () => Promise.resolve());
  return { address: advertised === undefined ? address : { ...address, advertised } };
}

/**
 * Checks a topic of the user's own, which is never created.
 * @param use runs on the same connection
 * @returns the address of its broker
 * @throws CommbenchError child-failed where it does not exist; broker-unreachable; remote-target
 */
export async function findTopic(
  place: TopicLocation,
  topic: string,
  options: KafkaOptions,
  use: (admin: Admin) => Promise<void>,
): Promise<TopicLocation> {
  return withAdmin(place, options, async (admin) => {
    const [topics, { brokers }] = await Promise.all([admin.listTopics(), admin.describeCluster()]);
    await refuseElsewhere(place, brokers);
    if (!topics.includes(topic)) throw noTopic(topic, place);
    await use(admin);
    const [only] = brokers;
    return brokers.length === 1 ? { ...place, advertised: `${only!.host}:${only!.port}` } : place;
  });
}

/**
 * Refuses brokers on other machines. A cluster refers its clients to all of its brokers, which behind a tunnel may be
 * foreign. A single broker is addressed by the URL (`advertised`). Naming another machine with --allow-remote includes
 * its cluster.
 * @throws CommbenchError remote-target
 */
export async function refuseElsewhere(
  { host, port }: Pick<TopicLocation, 'host' | 'port'>,
  brokers: readonly { readonly host: string; readonly port: number }[],
): Promise<void> {
  if (brokers.length <= 1 || !(await isHere(host))) return;
  for (const broker of brokers) {
    if (await isHere(broker.host)) continue;
    throw new CommbenchError(
      'remote-target',
      `Expected every broker of ${host}:${port} on this machine, as each gets a part of the load, found ${broker.host}:${broker.port}`,
      { hint: `To put load on them, give the address of one as the URL, with --allow-remote ${broker.host}` },
    );
  }
}

async function isHere(host: string): Promise<boolean> {
  const url = `kafka://${host.includes(':') ? `[${host}]` : host}`;
  return assertLoopback(url, []).then(
    () => true,
    () => false,
  );
}

function noTopic(topic: string, { host, port }: TopicLocation): CommbenchError {
  return new CommbenchError('child-failed', `The topic ${topic} does not exist at ${host}:${port}`, {
    hint: 'Topics of your own are never created here: create it, or correct its name.',
  });
}
