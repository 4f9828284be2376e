import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrokerDefinition, BrokerStartContext, StartedBroker } from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Program } from '../../kernel/program.ts';
import { howItEnded, orItsEnd, type Speaker } from '../../platform/process/until-ready.ts';
import { composeFile } from './compose-file.ts';
import { findCompose } from './compose.ts';
import { freePorts } from '../../platform/net/ports.ts';
import { runProgram } from '../../platform/process/run-program.ts';

/** An image may have to be pulled first. */
const READY_MS = 10 * 60_000;

export interface ComposedBroker extends Pick<BrokerDefinition, 'name' | 'title' | 'compose'> {
  readonly speaker: Speaker;
  /** The variable of the compose file that holds the port of this machine. */
  readonly portVariable: string;
  url(port: number): string;
  /** Resolves with its version once it took a real message. */
  ready(url: string, signal: AbortSignal): Promise<string>;
  warm(url: string, signal: AbortSignal): Promise<string>;
}

/**
 * Runs a broker in a container of its own, from its part of docker-compose.yml. Its processes are the
 * engine's, not ours: no pids, so it is neither measured nor killed.
 * Untested so far: no engine ran where this was written.
 * @throws CommbenchError no-broker where there is no docker compose with an engine, or it does not start
 */
export async function startComposed(
  broker: ComposedBroker,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  const { name, speaker } = broker;
  await using stack = new AsyncDisposableStack();
  const [port] = (await freePorts(1)) as [number];
  const program = await runCompose(broker, port, context, stack);
  const url = broker.url(port);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(READY_MS)]);
  const version = await orItsEnd(speaker, program, signal, (s) => broker.ready(url, s));
  const owned = stack.move();
  let isStopping = false;
  return {
    name,
    url,
    version,
    source: 'compose',
    pids: [],
    lost: program.ended.then((end) =>
      isStopping ? new Promise<string>(() => undefined) : howItEnded(speaker, program, end),
    ),
    warm: (abort) => broker.warm(url, abort),
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await owned.disposeAsync();
    },
  };
}

/** @returns the program that shows the container's output and ends with it; disposing the stack removes both */
async function runCompose(
  { name, title, compose, portVariable }: ComposedBroker,
  port: number,
  context: BrokerStartContext,
  stack: AsyncDisposableStack,
): Promise<Program> {
  const found = await findCompose(context.signal);
  if (found.state === 'missing') throw new CommbenchError('no-broker', found.found, { hint: found.cure });
  const folder = mkdtempSync(path.join(context.folder, `${name}-compose-`));
  writeFileSync(path.join(folder, 'docker-compose.yml'), composeFile({ [name]: compose }));
  const spec = (step: string, ...args: string[]) => ({
    name: `${path.basename(folder)}-${step}`,
    file: found.docker,
    args: ['compose', '--project-name', path.basename(folder).toLowerCase(), ...args],
    env: { ...dockerEnvironment(), [portVariable]: String(port) },
    cwd: folder,
    outputPath: path.join(folder, `${step}.log`),
    graceMs: 20_000,
  });
  context.progress(`${title}: starting by docker compose`);
  stack.defer(async () => {
    await runProgram(context.spawner, spec('down', 'down', '--volumes'), {
      signal: AbortSignal.timeout(30_000),
      what: 'removing the container',
      errorCode: 'child-failed',
      hint: 'See `docker ps`.',
    });
  });
  return stack.use(await context.spawner.spawn(spec('up', 'up', '--no-color')));
}

function dockerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
