import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'run <scenario>',
  summary: 'measure every row of a scenario, break what it says, and report',
  load: async () => (await import('./command.ts')).runCommand,
};
