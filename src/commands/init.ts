import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { CommbenchError, systemCode } from '../kernel/errors.ts';
import { scenarioTemplate } from '../scenario/template.ts';
import type { Context } from './context.ts';
import { helpAfter } from './help.ts';

const EXAMPLES = [
  'commbench init',
  'commbench init checkout.yaml',
  'commbench schema > scenario.schema.json   # completion in editors',
];

export function initCommand(context: Context): Command {
  return new Command('init')
    .description('write a scenario file to start from: every field, its default and what it means')
    .argument('[file]', 'the file to write', 'scenario.yaml')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((file: string, { force }: { force?: true }) => init(context, file, force ?? false));
}

function init({ stderr }: Context, file: string, force: boolean): void {
  try {
    writeFileSync(file, scenarioTemplate(nameOf(file), './scenario.schema.json'), {
      flag: force ? 'w' : 'wx',
    });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') {
      throw new CommbenchError('bad-option', `Expected a new file, found ${file}`, {
        hint: 'Name another one, or replace it with --force.',
      });
    }
    throw new CommbenchError('cannot-write', `Expected to write ${file}, found ${code ?? String(error)}`);
  }
  stderr.write(`Wrote ${file}. Next: commbench run ${file}\n`);
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
