import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StartContext } from '../../../kernel/component.ts';
import type { Program } from '../../../kernel/program.ts';
import { freePorts, portAnswers } from '../../../platform/net/ports.ts';
import { processTree } from '../../../platform/process/process-tree.ts';
import { startUntilUseful } from '../../../platform/process/until-ready.ts';
import { lastOutputOf } from '../../../platform/process/last-output.ts';
import type { PreparedBroker } from '../recipe.ts';
import { byPlainPaths, corePlugins, type RabbitPrograms } from './programs.ts';

const EPMD_MS = 10_000;
/** A stop takes one second, but thirteen during a start; its data are discarded anyway. */
const STOP_MS = 5000;

interface Ports {
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
}

export function rabbitmqUrlAt(port: number): string {
  return `amqp://guest:guest@127.0.0.1:${port}`;
}

/** A server writes to its log; before that exists, to its output. */
export function lastRabbitOutput({ outputPath }: Pick<Program, 'outputPath'>): string {
  return lastOutputOf(outputPath) || lastOutputOf(path.join(path.dirname(outputPath), 'log/rabbit.log'));
}

/** A RabbitMQ with data, ports and a node name of its own, each the same at every start. */
export async function prepareRabbitmq(
  found: RabbitPrograms,
  context: StartContext,
  stack: AsyncDisposableStack,
): Promise<PreparedBroker> {
  const folder = mkdtempSync(path.join(context.folder, 'rabbitmq-'));
  const programs = byPlainPaths(found, folder);
  const [amqp, distribution, epmdPort] = (await freePorts(3)) as [number, number, number];
  const ports: Ports = { amqp, distribution, epmd: epmdPort };
  // Erlang needs it until its own end.
  const epmd = stack.use(await startEpmd(programs, ports, folder, context));
  makePlace(programs, ports, folder);
  const spec = {
    name: path.basename(folder),
    file: programs.server,
    args: [],
    env: { ...programs.env, ...serverEnvironment(ports, folder) },
    cwd: folder,
    outputPath: path.join(folder, 'output.log'),
    graceMs: STOP_MS,
  };
  return { spec, url: rabbitmqUrlAt(amqp), pidsOf: ({ pid }) => [...processTree(pid), epmd.pid] };
}

/**
 * Starts epmd, Erlang's name service, as a program of its own: Erlang would start it as a daemon that outlives the run.
 * Without `-daemon` it stays in the foreground. It runs on while faults kill the broker, which registers anew at each
 * start.
 */
function startEpmd(
  programs: RabbitPrograms,
  ports: Ports,
  folder: string,
  { spawner, signal }: StartContext,
): Promise<Program> {
  const spec = {
    name: `${path.basename(folder)}-epmd`,
    file: programs.epmd,
    args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
    env: programs.env,
    cwd: folder,
    outputPath: path.join(folder, 'epmd.log'),
    graceMs: 2000,
  };
  return startUntilUseful(spawner, spec, {
    label: { title: 'RabbitMQ', lastOutputOf: ({ outputPath }) => lastOutputOf(outputPath) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(EPMD_MS)]),
    useful: (s) => portAnswers(ports.epmd, s),
  });
}

/** Makes the folders and files of a broker that was never started. */
function makePlace(programs: RabbitPrograms, ports: Ports, folder: string): void {
  const at = (name: string) => path.join(folder, name);
  for (const name of ['home', 'mnesia', 'log', 'plugins']) mkdirSync(at(name));
  for (const name of corePlugins(programs.plugins)) {
    symlinkSync(path.join(programs.plugins, name), path.join(at('plugins'), name));
  }
  writeFileSync(at('enabled_plugins'), '[].\n');
  writeFileSync(at('rabbitmq.conf'), configuration(ports));
}

/** Every path and port is ours, so that nothing of an installed RabbitMQ is read, written or contacted. */
function serverEnvironment(ports: Ports, folder: string): Record<string, string> {
  const at = (name: string) => path.join(folder, name);
  return {
    HOME: at('home'), // Erlang's cookie is made there
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_CRASH_DUMP_BYTES: '0',
    // The start script then becomes Erlang (exec) instead of its parent: signals reach the broker.
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
