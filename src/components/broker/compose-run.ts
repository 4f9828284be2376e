import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { ComposeService, StartedBroker } from '../../kernel/broker.ts';
import type { StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ProgramSpec } from '../../kernel/program.ts';
import { brokerAt, startBrokerProcess } from './broker-process.ts';
import { findCompose, portVariable } from './compose.ts';
import { freePorts } from '../../platform/net/ports.ts';
import { runProgram } from '../../platform/process/run-program.ts';
import type { BrokerRecipe } from './recipe.ts';

/** Long, as an image may have to be pulled first. */
const READY_MS = 10 * 60_000;

/** Fields of a broker's recipe that describe its container. */
type Composed = Pick<BrokerRecipe<never>, 'name' | 'title' | 'compose' | 'client' | 'urlAt' | 'lastOutput'>;

/**
 * Runs a broker in a container of its own, from its part of docker-compose.yml. Its processes are the engine's, not
 * ours: no pids, so it is neither measured nor killed. Untested so far: there was no engine on the machine of its
 * development.
 * @throws CommbenchError no-broker where there is no docker compose with an engine, or it does not start
 */
export async function startComposed(broker: Composed, context: StartContext): Promise<StartedBroker> {
  await using stack = new AsyncDisposableStack();
  const [port] = (await freePorts(1)) as [number];
  const url = broker.urlAt(port);
  const spec = await composeSpec(broker, port, context, stack);
  const started = stack.use(await startBrokerProcess(broker, { spec, url, readyMs: READY_MS }, context));
  const owned = stack.move();
  return {
    ...brokerAt(broker, url),
    version: broker.compose.image.split(':').at(-1)!,
    source: 'compose',
    pids: [],
    lost: started.lost,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * @param stack disposing it removes the container
 * @returns the program that starts the container, shows its output and ends with it
 */
async function composeSpec(
  { name, title, compose }: Composed,
  port: number,
  context: StartContext,
  stack: AsyncDisposableStack,
): Promise<ProgramSpec> {
  const found = await findCompose(context.signal);
  if (found.state === 'missing') throw new CommbenchError('no-broker', found.found, { hint: found.hint });
  const folder = mkdtempSync(path.join(context.folder, `${name}-compose-`));
  writeFileSync(path.join(folder, 'docker-compose.yml'), composeFile({ [name]: compose }));
  const spec = (step: string, ...args: string[]) => ({
    name: `${path.basename(folder)}-${step}`,
    file: found.docker,
    args: ['compose', '--project-name', path.basename(folder).toLowerCase(), ...args],
    env: { ...dockerEnvironment(), [portVariable(name)]: String(port) },
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
  return spec('up', 'up', '--no-color');
}

function dockerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const HEAD = `# Made from the brokers' own definitions (src/components/broker/*/broker.ts) by
# \`npm run generate\`; a test compares it with them.
# Not tested with a running engine: none ran where it was written.
# Everything listens on loopback only, and nothing is kept once a container is gone.
`;

/** A compose file of these services, by name: for the repository's file, and for a run's own. */
export function composeFile(services: Readonly<Record<string, ComposeService>>): string {
  return HEAD + stringify({ services }, { lineWidth: 0, singleQuote: true });
}
