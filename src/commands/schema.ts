import { Argument, Command } from 'commander';
import { scenarioFileSchema } from '../scenario/schema/json-schema.ts';
import { helpAfter } from './options/help.ts';
import type { Context } from './terminal/context.ts';

const EXAMPLES = ['commbench schema > scenario.schema.json', 'commbench schema result > report.schema.json'];

const SCHEMAS = {
  scenario: async () => scenarioFileSchema(),
  // Loaded where it is asked for: editors want the other one.
  result: async () => (await import('../report/json/report-schema.ts')).reportJsonSchema(),
} as const;
type Schema = keyof typeof SCHEMAS;

export function schemaCommand({ stdout }: Context): Command {
  const of = new Argument('[of]', 'of a scenario file, or of what --format json prints')
    .choices(Object.keys(SCHEMAS))
    .default('scenario');
  return new Command('schema')
    .addArgument(of)
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
    .action(async (schema: Schema) => void stdout.write(await schemaText(schema)));
}

/** The same text as docs/scenario.schema.json and docs/report.schema.json. */
export async function schemaText(of: Schema = 'scenario'): Promise<string> {
  return `${JSON.stringify(await SCHEMAS[of](), null, 2)}\n`;
}
