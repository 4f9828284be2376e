import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'crossover <question>',
  summary: 'find where one row becomes better than another: by payload, by rate, or by length of an outage',
  load: async () => (await import('./command.ts')).crossoverCommand,
};
