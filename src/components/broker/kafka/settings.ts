/** Addresses of a broker of ours: where it listens, and where it redirects clients. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Example: `127.0.0.1:9092`, as clients reach it. */
  readonly advertised: string;
}

/** Arbitrary, but data and settings must name the same. */
export const CLUSTER_ID = '4L6g3nShT-eMCtK--X86sw';

/**
 * One node that is broker and controller at once (KRaft), small, and quick to start and stop: settings of
 * server.properties, and of the container. The cost of a message is left at Kafka's defaults.
 */
export function brokerSettings({
  host,
  port,
  controllerPort,
  advertised,
}: Listening): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${advertised}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    ...ONE_NODE,
    ...SMALL,
    ...QUICK,
  };
}

/** A single node has no replicas. */
const ONE_NODE = {
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
};

const SMALL = {
  'num.partitions': '1',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'background.threads': '2',
  'num.recovery.threads.per.data.dir': '1',
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.segment.bytes': '67108864',
  // A payload of 1 MB with its envelope exceeds the default of 1 MB.
  'message.max.bytes': '10485760',
};

const QUICK = {
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'controlled.shutdown.enable': 'false',
  // A killed broker may rejoin only when its earlier session has expired: 9 s by default.
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '300',
  // The data of a removed topic are deleted at once, not a minute later during another trial.
  'log.segment.delete.delay.ms': '1000',
};

/** In the format of server.properties. */
export function asProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** In the format of the image: `log.dirs` is `KAFKA_LOG_DIRS`. */
export function asVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
}
