import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'calibrate',
  summary:
    'no-op baseline and highest sustained rate of every row on this machine, against a service that does nothing; shown beside results',
  load: async () => (await import('./command.ts')).calibrateCommand,
};
