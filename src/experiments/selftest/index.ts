import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'selftest',
      summary:
        'test the instrument itself: seed known delays, freezes and losses, and compare (about 2.5 min)',
      rank: 11,
      load: async () => (await import('./command.ts')).selftestCommand,
    },
  ],
};
