import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'ab <scenario>',
  summary: 'compare two versions of something in interleaved pairs: b against a, judged as `compare` does',
  load: async () => (await import('./command.ts')).abCommand,
};
