import path from 'node:path';
import { Command } from 'commander';
import { definitionsBeside } from '../../platform/definitions.ts';
import { helpAfter } from '../options/help.ts';
import type { Context } from '../terminal/context.ts';
import type { ResultsSubcommand } from './subcommand.ts';

const EXAMPLES = [
  'commbench results list',
  'commbench results show rest-vs-queue',
  'commbench results prune --keep 5',
];

const SUBCOMMANDS = await definitionsBeside<ResultsSubcommand>(import.meta.filename);

/** `commbench results`: a file beside this one is a command of it. Alone it lists. */
export function resultsCommand(context: Context): Command {
  const command = new Command(path.basename(import.meta.dirname));
  for (const { name, create } of SUBCOMMANDS) command.addCommand(create(context), { isDefault: name === 'list' });
  return command.addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']));
}
