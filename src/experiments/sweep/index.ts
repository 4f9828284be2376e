import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'sweep <scenario>',
  summary:
    'latency against load past the knee, every row on the same axes; the highest rate that meets an objective',
  load: async () => (await import('./command.ts')).sweepCommand,
};
