import { Command } from 'commander';
import { scenarioJsonSchema } from '../scenario/schema/json-schema.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';

const EXAMPLES = ['commbench schema > scenario.schema.json'];

export function schemaCommand({ stdout }: Context): Command {
  return new Command('schema')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect']))
    .action(() => void stdout.write(schemaText()));
}

/** What docs/scenario.schema.json holds as well. */
export function schemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
