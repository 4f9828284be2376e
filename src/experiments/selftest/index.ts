import type { CommandDefinition } from '../../commands/terminal/command-definition.ts';

export const definition: CommandDefinition = {
  usage: 'selftest',
  summary: 'test the instrument itself: plant known delays, freezes and losses, and compare (about 2.5 min)',
  load: async () => (await import('./command.ts')).selftestCommand,
};
