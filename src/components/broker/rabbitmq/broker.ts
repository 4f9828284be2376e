import { findAptTools } from '../../../platform/packages/apt.ts';
import { type AvailablePlan, defineBroker } from '../broker-kind.ts';
import { startComposed } from '../compose-run.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import type {
  BrokerContext,
  BrokerSource,
  BrokerStartContext,
  StartedBroker,
} from '../../../kernel/broker.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { composedRabbitmq } from './start-composed.ts';
import { openConnection, proveReady, pushThrough, versionOf } from './connection.ts';
import { FETCH, packageFolder, unpackedStamp, unpackOnce } from './packages.ts';
import { startPrograms } from './start.ts';
import { installedPrograms, unpackedPrograms } from './programs.ts';
import { composeService } from './compose-service.ts';

/** A real RabbitMQ, wherever it can be had (DESIGN 6). */
export const broker = defineBroker({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  schemes: ['amqp', 'amqps'],
  compose: composeService,
  exampleUrl: 'amqp://guest:guest@127.0.0.1:5672',
  needs: 'to make, write to, read and remove queues and exchanges named commbench*',
  places: [installed, unpacked, fetchable],
  cure,
  greet,
  prove: proveReady,
  warm: pushThrough,
  startOwn,
});

async function greet(url: string, { signal }: BrokerContext): Promise<string> {
  await using model = await openConnection(url, signal);
  return versionOf(model);
}

async function installed(): Promise<AvailablePlan | string> {
  const programs = installedPrograms();
  if (!programs) return 'no rabbitmq-server with Erlang is installed';
  return { state: 'available', source: 'installed', version: programs.version, detail: programs.server };
}

async function unpacked({ cacheFolder }: BrokerContext): Promise<AvailablePlan | string> {
  const folder = packageFolder(cacheFolder);
  const stamp = await unpackedStamp(cacheFolder);
  if (!stamp) return `nothing unpacked in ${folder}`;
  return { state: 'available', source: 'package-cache', version: stamp.version, detail: folder };
}

async function fetchable({ cacheFolder }: BrokerContext): Promise<AvailablePlan | string> {
  if (!findAptTools()) return 'no apt-get and dpkg-deb to fetch it with';
  const detail = `Debian's packages, to be unpacked into ${packageFolder(cacheFolder)}`;
  return { state: 'available', source: 'package-cache', version: 'as packaged', detail, fetch: FETCH };
}

/** The one command that would make it available. */
function cure(): string {
  if (findProgram('docker')) return 'Start the docker engine: sudo systemctl start docker';
  if (process.platform === 'darwin') return 'Install it: brew install rabbitmq';
  if (findProgram('dnf')) return 'Install it: sudo dnf install rabbitmq-server';
  return 'Install RabbitMQ or Docker, or give a broker: --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672';
}

async function startOwn(
  source: Exclude<BrokerSource, 'url' | 'kept'>,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  if (source === 'compose') return startComposed(composedRabbitmq, context);
  if (source === 'installed') return startPrograms(needed(installedPrograms()), source, context);
  await unpackOnce(findAptTools(), context);
  return startPrograms(needed(unpackedPrograms(packageFolder(context.cacheFolder))), source, context);
}

function needed<T>(programs: T | undefined): T {
  if (programs !== undefined) return programs;
  throw new CommbenchError('no-broker', "Expected RabbitMQ's programs, found them gone", {
    hint: 'Run `commbench doctor`.',
  });
}
