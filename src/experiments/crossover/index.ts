import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'crossover <question>',
      summary:
        'find where one pattern becomes better than another: by payload, by rate, or by length of an outage',
      rank: 4,
      load: async () => (await import('./command.ts')).crossoverCommand,
    },
  ],
  record: async () => (await import('./view.ts')).crossoverKind,
};
