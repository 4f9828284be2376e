import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'ab <scenario>',
      summary: 'compare two versions in interleaved pairs: b against a, decided as by `compare`',
      rank: 2,
      load: async () => (await import('./command.ts')).abCommand,
    },
  ],
  record: async () => (await import('./compared.ts')).abKind,
};
