import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { CommbenchError, systemCode, unwritableText } from '../kernel/errors.ts';
import { scenarioTemplate } from '../scenario/schema/template.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { asGiven, repeated } from './options/parsers.ts';

const EXAMPLES = [
  'commbench init',
  'commbench init checkout.yaml',
  'commbench init orders.yaml --from openapi.yaml --operation "POST /orders"',
  'commbench init rpc.yaml --from orders.proto',
  'commbench schema > scenario.schema.json   # completion in editors',
];

export function initCommand(context: Context): Command {
  return new Command('init')
    .argument('[file]', 'the file to write', 'scenario.yaml')
    .option(
      '--from <file>',
      'drive a service of your own, as this OpenAPI 3 document or .proto file describes it',
    )
    .option(
      '--operation <name>',
      'with --from: the operation to drive, e.g. "POST /orders", its operationId, or Place (repeatable; default: the first)',
      repeated(asGiven),
    )
    .option('--force', 'replace an existing file')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((file: string, options: InitOptions) => init(context, file, options));
}

interface InitOptions {
  readonly force?: true;
  readonly from?: string;
  readonly operation?: readonly string[];
}

async function init({ stderr }: Context, file: string, { force, from, operation = [] }: InitOptions) {
  if (from === undefined) {
    if (operation.length > 0) {
      throw new CommbenchError('bad-option', '--operation is only valid with --from');
    }
    write(file, scenarioTemplate(nameOf(file), './scenario.schema.json'), force ?? false);
    stderr.write(`Wrote ${file}. Next: commbench run ${file}\n`);
    return;
  }
  const { scenarioFrom } = await import('./init-from/scenario-from.ts');
  const { text, calls } = await scenarioFrom({ from, operations: operation, file, name: nameOf(file) });
  write(file, text, force ?? false);
  stderr.write(
    `Wrote ${file}, which drives ${calls.join(', ')}. Its comments say what to fill in. Next: commbench run ${file}\n`,
  );
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new CommbenchError('bad-option', `${file} already exists`, {
        hint: 'Name another file, or replace it with --force.',
      });
    }
    throw new CommbenchError('cannot-write', unwritableText(file, error));
  }
}

/** A scenario's name is a-z, 0-9 and -: what the file is called, as far as that goes. */
function nameOf(file: string): string {
  const name = path
    .parse(file)
    .name.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? 'scenario' : name;
}
