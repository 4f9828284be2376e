import { Command } from 'commander';
import { CONTRACT_NAMES } from '../contracts/contracts.ts';
import { FORMATS } from '../reporters/reporters.ts';
import { scenarioNames } from '../scenario/catalogue.ts';
import { loadScenario } from '../scenario/load.ts';
import { loadTransportDefinition, transportNames } from '../transports/discover.ts';
import type { Context } from './context.ts';
import { helpAfter } from './help.ts';

export function listCommand(context: Context): Command {
  return new Command('list')
    .description('show the scenarios, transports, contracts and formats that there are')
    .addHelpText('after', helpAfter(['commbench list'], ['done', 'defect']))
    .action(() => list(context));
}

async function list({ stdout }: Context): Promise<void> {
  const scenarios = await Promise.all(
    (await scenarioNames()).map(async (name) => (await loadScenario(name, [])).scenario),
  );
  const transports = await Promise.all(transportNames().map(loadTransportDefinition));
  const parts = [
    part(
      'Scenarios',
      scenarios.map(({ name, title, patterns }) => [
        name,
        `${title} (rows: ${patterns.map((p) => p.id).join(', ')})`,
      ]),
    ),
    part(
      'Transports',
      transports.map(({ name, title, interactions }) => [name, `${title}: ${interactions.join(', ')}`]),
    ),
    part(
      'Contracts',
      CONTRACT_NAMES.map((name) => [name, '']),
    ),
    part(
      'Formats',
      FORMATS.map((name) => [name, '']),
    ),
  ];
  stdout.write(`${parts.join('\n\n')}\n`);
}

function part(title: string, entries: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return [title, ...entries.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`.trimEnd())].join('\n');
}
