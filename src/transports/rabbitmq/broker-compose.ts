import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findCompose } from '../../brokers/compose.ts';
import { freePorts } from '../../brokers/ports.ts';
import { runProgram } from '../../brokers/run-program.ts';
import type { BrokerStartContext, StartedBroker } from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { pushThrough } from './broker-connection.ts';
import { endOf, orItsEnd, untilReady } from './broker-ready.ts';
import { composeFile } from './compose.ts';

/** An image may have to be pulled first. */
const READY_MS = 10 * 60_000;

/**
 * Runs RabbitMQ in a container of its own. Its processes are the engine's, not ours: no pids, so it is
 * neither measured nor killed. Untested so far: no engine ran where this was written.
 */
export async function startCompose(context: BrokerStartContext): Promise<StartedBroker> {
  const compose = await findCompose(context.signal);
  if (compose.state === 'missing')
    throw new CommbenchError('no-broker', compose.found, { hint: compose.cure });
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(context.folder, 'rabbitmq-compose-'));
  const [port] = (await freePorts(1)) as [number];
  writeFileSync(path.join(folder, 'docker-compose.yml'), composeFile(String(port)));
  const spec = (name: string, ...args: string[]) => ({
    name: `${path.basename(folder)}-${name}`,
    file: compose.docker,
    args: ['compose', '--project-name', path.basename(folder).toLowerCase(), ...args],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? folder, ...dockerEnvironment() },
    cwd: folder,
    outputPath: path.join(folder, `${name}.log`),
    graceMs: 20_000,
  });
  context.progress('RabbitMQ: starting by docker compose');
  stack.defer(async () => {
    await runProgram(context.spawner, spec('down', 'down', '--volumes'), {
      signal: AbortSignal.timeout(30_000),
      what: 'removing the container',
      errorCode: 'child-failed',
      hint: 'See `docker ps`.',
    });
  });
  const program = stack.use(await context.spawner.spawn(spec('up', 'up', '--no-color')));
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(READY_MS)]);
  const version = await orItsEnd(program, signal, (s) => untilReady(url, s));

  return {
    name: 'rabbitmq',
    url,
    version,
    source: 'compose',
    pids: [],
    warm: (abort) => pushThrough(url, abort),
    ...endOf(program, stack.move()),
  };
}

function dockerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
