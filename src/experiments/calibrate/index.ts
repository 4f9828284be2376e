import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'calibrate',
  summary:
    'floor and ceiling of every row on this machine, against a service that does nothing; shown beside results',
  load: async () => (await import('./command.ts')).calibrateCommand,
};
