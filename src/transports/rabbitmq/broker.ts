import { findAptTools } from '../../brokers/apt.ts';
import { findCompose } from '../../brokers/compose.ts';
import { findProgram } from '../../brokers/find-program.ts';
import { findKept, leaseKept } from '../../brokers/kept.ts';
import type {
  BrokerContext,
  BrokerDefinition,
  BrokerPlan,
  BrokerStartContext,
  StartedBroker,
} from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { assertLoopback } from '../../kernel/loopback.ts';
import { redactUrl } from '../../kernel/redact.ts';
import { startCompose } from './broker-compose.ts';
import { composeService } from './compose.ts';
import { openConnection, proveReady, pushThrough, versionOf } from './broker-connection.ts';
import { FETCH, packageFolder, unpackedStamp, unpackOnce } from './broker-packages.ts';
import { startPrograms } from './broker-process.ts';
import { installedPrograms, unpackedPrograms } from './broker-programs.ts';

const GIVEN_MS = 10_000;

type Available = Extract<BrokerPlan, { state: 'available' }>;
/** What a place has to offer, or what was found there instead. */
type Look = (context: BrokerContext) => Promise<Available | string>;

/** Where a RabbitMQ may come from without being given, in the order in which they are tried. */
const PLACES: readonly Look[] = [kept, installed, unpacked, fetchable, composed];

/** A real RabbitMQ, wherever it can be had (DESIGN 6). */
export const rabbitmqBroker: BrokerDefinition = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  schemes: ['amqp', 'amqps'],
  compose: composeService,
  find,
  start,
};

async function find(context: BrokerContext): Promise<BrokerPlan> {
  if (context.url !== undefined) return given(context.url, context);
  const looked: string[] = [];
  for (const look of PLACES) {
    const found = await look(context);
    if (typeof found !== 'string') return found;
    looked.push(found);
  }
  return { state: 'unavailable', looked, cure: cure() };
}

/** A URL is the user's word for this and no other broker: if it can't be reached, nothing else is looked for. */
async function given(url: string, context: BrokerContext): Promise<BrokerPlan> {
  checkScheme(url);
  await assertLoopback(url, context.allowRemote ?? []);
  const shown = redactUrl(url);
  try {
    await using model = await openConnection(url, bounded(context.signal));
    return { state: 'available', source: 'url', version: versionOf(model), detail: shown };
  } catch (error) {
    context.signal.throwIfAborted();
    const looked = [`the URL given, ${shown}: ${(error as Error).message}`];
    return { state: 'unavailable', looked, cure: 'Start that broker, or leave the URL away.' };
  }
}

function checkScheme(url: string): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol.slice(0, -1) : '';
  if (rabbitmqBroker.schemes.includes(scheme)) return;
  throw new CommbenchError(
    'bad-option',
    `Expected a URL amqp://... or amqps://..., found ${redactUrl(url)}`,
    {
      hint: 'For example --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672',
    },
  );
}

async function kept(context: BrokerContext): Promise<Available | string> {
  const broker = await findKept(context.cacheFolder, 'rabbitmq', context.signal);
  if (broker?.state !== 'up') return 'none kept by `commbench up`';
  const { version, url } = broker;
  return {
    state: 'available',
    source: 'kept',
    version,
    detail: `kept by \`commbench up\`, ${redactUrl(url)}`,
  };
}

async function installed(): Promise<Available | string> {
  const programs = installedPrograms();
  if (!programs) return 'no rabbitmq-server with Erlang is installed';
  return { state: 'available', source: 'installed', version: programs.version, detail: programs.server };
}

async function unpacked({ cacheFolder }: BrokerContext): Promise<Available | string> {
  const folder = packageFolder(cacheFolder);
  const stamp = await unpackedStamp(cacheFolder);
  if (!stamp) return `nothing unpacked in ${folder}`;
  return { state: 'available', source: 'package-cache', version: stamp.version, detail: folder };
}

async function fetchable({ cacheFolder }: BrokerContext): Promise<Available | string> {
  if (!findAptTools()) return 'no apt-get and dpkg-deb to fetch it with';
  const detail = `Debian's packages, to be unpacked into ${packageFolder(cacheFolder)}`;
  return { state: 'available', source: 'package-cache', version: 'as packaged', detail, fetch: FETCH };
}

async function composed({ signal }: BrokerContext): Promise<Available | string> {
  const compose = await findCompose(signal);
  if (compose.state === 'missing') return compose.found;
  return {
    state: 'available',
    source: 'compose',
    version: 'as in docker-compose.yml',
    detail: compose.docker,
  };
}

/** The one command that would make it available. */
function cure(): string {
  if (findProgram('docker')) return 'Start the docker engine: sudo systemctl start docker';
  if (process.platform === 'darwin') return 'Install it: brew install rabbitmq';
  if (findProgram('dnf')) return 'Install it: sudo dnf install rabbitmq-server';
  return 'Install RabbitMQ or Docker, or give a broker: --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672';
}

async function start(plan: BrokerPlan, context: BrokerStartContext): Promise<StartedBroker> {
  if (plan.state === 'unavailable') {
    throw new CommbenchError('no-broker', `RabbitMQ is not available: ${plan.looked.join('; ')}`, {
      hint: plan.cure,
    });
  }
  switch (plan.source) {
    case 'url':
      return useGiven(context);
    case 'kept':
      return useKept(context);
    case 'installed':
      return startPrograms(needed(installedPrograms()), 'installed', context);
    case 'package-cache':
      await unpackOnce(findAptTools(), context);
      return startPrograms(
        needed(unpackedPrograms(packageFolder(context.cacheFolder))),
        'package-cache',
        context,
      );
    case 'compose':
      return startCompose(context);
  }
}

function needed<T>(programs: T | undefined): T {
  if (programs !== undefined) return programs;
  throw new CommbenchError('no-broker', "Expected RabbitMQ's programs, found them gone", {
    hint: 'Run `commbench doctor`.',
  });
}

/** Not ours: never killed, frozen or measured. */
async function useGiven(context: BrokerStartContext): Promise<StartedBroker> {
  const url = context.url!;
  try {
    return {
      name: 'rabbitmq',
      url,
      version: await proveReady(url, bounded(context.signal)),
      source: 'url',
      pids: [],
      lost: new Promise(() => undefined),
      warm: (signal) => pushThrough(url, signal),
      [Symbol.asyncDispose]: async () => undefined,
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const found = (error as Error).message;
    throw new CommbenchError(
      'broker-unreachable',
      `Expected ${redactUrl(url)} to confirm a message, found: ${found}`,
      {
        hint: 'Its user must be allowed to make, write to and remove queues named commbench-*.',
      },
    );
  }
}

/** Ours, but started earlier: it stays when the run ends. */
async function useKept(context: BrokerStartContext): Promise<StartedBroker> {
  const lease = await leaseKept(context.cacheFolder, 'rabbitmq', context.signal);
  if (!lease) {
    throw new CommbenchError('no-broker', 'Expected a RabbitMQ kept by `commbench up`, found it gone', {
      hint: 'Run the command again: it then starts one of its own.',
    });
  }
  using stack = new DisposableStack();
  stack.use(lease);
  const { url, pids } = lease.broker;
  const version = await proveReady(url, bounded(context.signal));
  const owned = stack.move();
  return {
    name: 'rabbitmq',
    url,
    version,
    source: 'kept',
    pids,
    lost: lease.lost,
    warm: (signal) => pushThrough(url, signal),
    [Symbol.asyncDispose]: async () => owned.dispose(),
  };
}

function bounded(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(GIVEN_MS)]);
}
