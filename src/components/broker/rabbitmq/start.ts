import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { orItsEnd } from '../../../platform/process/until-ready.ts';
import { startOwnBroker } from '../own-broker.ts';
import { freePorts, portAnswers } from '../../../platform/net/ports.ts';
import { processTree } from '../../../platform/process/process-tree.ts';
import type { BrokerSource, BrokerStartContext, StartedBroker } from '../../../kernel/broker.ts';
import type { Program, ProgramSpec } from '../../../kernel/program.ts';
import { pushThrough } from './connection.ts';
import { corePlugins, type RabbitPrograms } from './programs.ts';
import { speaker, untilConfirmed } from './ready.ts';

const READY_MS = 60_000;
const EPMD_MS = 10_000;
/** It takes one second, but thirteen when asked in the midst of its start; its data are thrown away anyway. */
const STOP_MS = 5000;

interface Ports {
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
}

/**
 * Starts RabbitMQ with data of its own on loopback ports of its own, and waits until it confirmed a message.
 * A fault may end it: it comes back on the same data, ports and node name.
 */
export async function startPrograms(
  programs: RabbitPrograms,
  source: BrokerSource,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(context.folder, 'rabbitmq-'));
  const [amqp, distribution, epmdPort] = (await freePorts(3)) as [number, number, number];
  const ports: Ports = { amqp, distribution, epmd: epmdPort };
  const url = `amqp://guest:guest@127.0.0.1:${amqp}`;
  context.progress(`RabbitMQ ${programs.version}: starting`);

  const epmd = stack.use(await startEpmd(programs, ports, folder, context));
  makePlace(programs, ports, folder);
  const spec = serverSpec(programs, ports, folder);
  let version = programs.version;
  // Disposed in reverse: Erlang first, then epmd, which it needs until its end.
  const broker = stack.use(
    await startOwnBroker({
      name: spec.name,
      speaker,
      readyMs: READY_MS,
      signal: context.signal,
      launch: (life) => context.spawner.spawn({ ...spec, name: `${spec.name}-${life}` }),
      async ready(signal) {
        version = await untilConfirmed(url, signal);
      },
      pidsOf: ({ pid }) => [...processTree(pid), epmd.pid],
    }),
  );
  const owned = stack.move();
  return {
    name: 'rabbitmq',
    url,
    version,
    source,
    get pids() {
      return broker.pids;
    },
    faultTarget: broker.faultTarget,
    lost: broker.lost,
    warm: (signal) => pushThrough(url, signal),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** It stays up while faults kill the broker: its next life is entered there anew. */
async function startEpmd(
  programs: RabbitPrograms,
  ports: Ports,
  folder: string,
  { spawner, signal }: BrokerStartContext,
): Promise<Program> {
  const epmd = await spawner.spawn(epmdSpec(programs, ports, folder));
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(EPMD_MS)]);
    await orItsEnd(speaker, epmd, bounded, (s) => portAnswers(ports.epmd, s));
    return epmd;
  } catch (error) {
    await epmd.stop();
    throw error;
  }
}

/**
 * Erlang's name service, as a program of its own: left to Erlang it would be started as a daemon that
 * outlives everyone. Without `-daemon` it stays in the foreground.
 */
function epmdSpec(programs: RabbitPrograms, ports: Ports, folder: string): ProgramSpec {
  return {
    name: `${path.basename(folder)}-epmd`,
    file: programs.epmd,
    args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
    env: programs.env,
    cwd: folder,
    outputPath: path.join(folder, 'epmd.log'),
    graceMs: 2000,
  };
}

function serverSpec(programs: RabbitPrograms, ports: Ports, folder: string): ProgramSpec {
  return {
    name: path.basename(folder),
    file: programs.server,
    args: [],
    env: { ...programs.env, ...serverEnvironment(ports, folder) },
    cwd: folder,
    outputPath: path.join(folder, 'output.log'),
    graceMs: STOP_MS,
  };
}

/** The folders and files of a broker that was never started. */
function makePlace(programs: RabbitPrograms, ports: Ports, folder: string): void {
  const at = (name: string) => path.join(folder, name);
  for (const name of ['home', 'mnesia', 'log', 'plugins']) mkdirSync(at(name));
  for (const name of corePlugins(programs.plugins)) {
    symlinkSync(path.join(programs.plugins, name), path.join(at('plugins'), name));
  }
  writeFileSync(at('enabled_plugins'), '[].\n');
  writeFileSync(at('rabbitmq.conf'), configuration(ports));
}

/** Every path and port is ours, so that nothing of an installed RabbitMQ is read, written or met. */
function serverEnvironment(ports: Ports, folder: string): Record<string, string> {
  const at = (name: string) => path.join(folder, name);
  return {
    HOME: at('home'), // Erlang's cookie is made there
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_CRASH_DUMP_BYTES: '0',
    // The start script then becomes Erlang (exec) instead of standing before it: signals reach the broker.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: 'commbench@localhost',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: at('advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_PLUGINS_DIR: at('plugins'),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    // Without this the distribution port listens on every interface.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
}

function configuration(ports: Ports): string {
  const settings = {
    'listeners.tcp.1': `127.0.0.1:${ports.amqp}`,
    'log.console': 'false',
    'log.file': 'rabbit.log',
    'log.file.level': 'info',
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}
