import { cpSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '../../../platform/net/ports.ts';
import { startOwnBroker } from '../own-broker.ts';
import type { BrokerSource, BrokerStartContext, StartedBroker } from '../../../kernel/broker.ts';
import { pushThrough } from './client.ts';
import type { PreparedKit } from './prepared.ts';
import { serverSpec, speaker, untilProved } from './program.ts';

/** On a busy machine it takes six times as long as on a quiet one. */
const READY_MS = 90_000;
/** Enough for a first group, which makes the broker create the topic of the groups. */
const FIRST_MESSAGES = 1;

/** Starts Kafka with data of its own on loopback ports of its own, and waits until it acknowledged a message. */
export async function startPrograms(
  kit: PreparedKit,
  source: BrokerSource,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  const { version } = kit.jars;
  const folder = mkdtempSync(path.join(context.folder, 'kafka-'));
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  const url = `kafka://127.0.0.1:${port}`;
  const archive = kit.archive === undefined ? [] : [`-XX:SharedArchiveFile=${kit.archive}`];
  const spec = serverSpec(kit, { folder, port, controllerPort, java: archive });
  cpSync(kit.template, path.join(folder, 'data'), { recursive: true });
  context.progress(`Kafka ${version}: starting`);

  const broker = await startOwnBroker({
    name: spec.name,
    speaker,
    readyMs: READY_MS,
    signal: context.signal,
    launch: (life) => context.spawner.spawn({ ...spec, name: `${spec.name}-${life}` }),
    async ready(signal, life) {
      await untilProved(url, signal);
      if (life === 1) await pushThrough(url, signal, FIRST_MESSAGES);
    },
  });
  return {
    name: 'kafka',
    url,
    version,
    source,
    get pids() {
      return broker.pids;
    },
    faultTarget: broker.faultTarget,
    lost: broker.lost,
    warm: (signal) => pushThrough(url, signal),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}
