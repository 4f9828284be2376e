import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StartContext } from '../../../kernel/component.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import type { DebRecipe } from '../../../platform/packages/recipe.ts';
import { runProgram } from '../../../platform/process/run-program.ts';
import { corePlugins, linkErl, type RabbitPrograms, unpackedPrograms } from './programs.ts';

const INSTALL_IT = 'Install it: sudo apt-get install rabbitmq-server';
const CHECK_CRYPTO = 'ok = crypto:start(), <<_:32/binary>> = crypto:hash(sha256, <<"x">>), halt(0).';

/** RabbitMQ with its Erlang. Measured on Debian 12: 14 MB of package lists and 33 MB of packages, 6 to 10 s. */
export const rabbitPackages: DebRecipe = {
  kind: 'deb',
  name: 'rabbitmq',
  title: 'RabbitMQ',
  format: 1,
  suite: 'system',
  wanted: 'rabbitmq-server',
  keep: /^(erlang-|rabbitmq-server$|lib|zlib1g)/,
  together: /^(erlang-|rabbitmq-server$)/,
  base: /^erlang-base$/,
  bytes: 47_000_000,
  seconds: 10,
  diskBytes: 200_000_000,
  hint: INSTALL_IT,
  async finish(folder, context) {
    linkErl(folder);
    const programs = unpackedPrograms(folder);
    const core = programs ? corePlugins(programs.plugins) : [];
    if (!programs || core.length < 5) {
      const message = 'The fetched RabbitMQ packages are incomplete';
      throw new CommbenchError('download-failed', message, { hint: INSTALL_IT });
    }
    await runErlang(folder, programs, context);
    await prune(folder, programs, core);
    return programs.version;
  },
};

/** Runs the unpacked Erlang, with the library that a minimal system most probably lacks. */
async function runErlang(folder: string, { env }: RabbitPrograms, context: StartContext): Promise<void> {
  const spec = {
    name: 'rabbitmq-fetch-check',
    file: path.join(folder, 'bin/erl'),
    args: ['-noshell', '-noinput', '-boot', 'start_clean', '-eval', CHECK_CRYPTO],
    env: { ...env, HOME: context.folder, ERL_CRASH_DUMP_BYTES: '0' },
    cwd: context.folder,
    outputPath: path.join(context.folder, 'rabbitmq-fetch-check.log'),
    graceMs: 2000,
  };
  await runProgram(context.spawner, spec, {
    signal: context.signal,
    what: 'running the fetched Erlang',
    errorCode: 'download-failed',
    hint: INSTALL_IT,
  });
}

/** Removes parts that only cost time and space: plugins that are never enabled, manuals. */
async function prune(folder: string, { plugins }: RabbitPrograms, core: readonly string[]): Promise<void> {
  const surplus = (await readdir(plugins)).filter((name) => !core.includes(name));
  for (const name of surplus) await rm(path.join(plugins, name), { recursive: true, force: true });
  await rm(path.join(folder, 'root/usr/share'), { recursive: true, force: true });
}
