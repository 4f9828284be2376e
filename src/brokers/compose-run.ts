import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrokerDefinition, BrokerStartContext } from '../kernel/broker.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Program } from '../kernel/program.ts';
import { composeFile } from './compose-file.ts';
import { findCompose } from './compose.ts';
import { runProgram } from './run-program.ts';

/** A broker in a container of its own: the program that shows its output, and ends with it. */
export interface Composed extends AsyncDisposable {
  readonly program: Program;
}

/**
 * Runs a broker's part of docker-compose.yml as a project of its own. Disposing removes the container.
 * Untested so far: no engine ran where this was written.
 * @param variables of the file, e.g. the port of this machine: `{ COMMBENCH_RABBITMQ_PORT: '40001' }`
 * @throws CommbenchError no-broker where there is no docker compose with an engine
 */
export async function runCompose(
  { name, title, compose: service }: Pick<BrokerDefinition, 'name' | 'title' | 'compose'>,
  variables: Readonly<Record<string, string>>,
  context: BrokerStartContext,
): Promise<Composed> {
  const found = await findCompose(context.signal);
  if (found.state === 'missing') throw new CommbenchError('no-broker', found.found, { hint: found.cure });
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(context.folder, `${name}-compose-`));
  writeFileSync(path.join(folder, 'docker-compose.yml'), composeFile({ [name]: service }));
  const spec = (step: string, ...args: string[]) => ({
    name: `${path.basename(folder)}-${step}`,
    file: found.docker,
    args: ['compose', '--project-name', path.basename(folder).toLowerCase(), ...args],
    env: { ...dockerEnvironment(), ...variables },
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
  const program = stack.use(await context.spawner.spawn(spec('up', 'up', '--no-color')));
  const owned = stack.move();
  return { program, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function dockerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
