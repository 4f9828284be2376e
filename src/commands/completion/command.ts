import path from 'node:path';
import { Argument, Command } from 'commander';
import { definitionsIn } from '../../platform/definitions.ts';
import { helpAfter } from '../options/help.ts';
import type { Context } from '../terminal/context.ts';
import { commandTree } from './command-tree.ts';
import type { Shell } from './shell.ts';

const SHELLS = await definitionsIn<Shell>(path.join(import.meta.dirname, 'shells'));

/** `commbench completion`: a script that completes without starting commbench. */
export function completionCommand(context: Context): Command {
  const names = SHELLS.map(({ name }) => name);
  const installs = SHELLS.map(({ install }) => install);
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(names))
    .addHelpText('after', helpAfter(installs, ['done', 'defect', 'badInput']))
    .action(async (shell: string, _options: object, { parent }: Command) => {
      const { script } = SHELLS.find(({ name }) => name === shell)!;
      context.stdout.write(script(await commandTree(parent!)));
    });
}
