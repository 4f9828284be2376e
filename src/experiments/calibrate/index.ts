import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'calibrate',
      summary:
        'no-op baseline and highest sustained rate of every row on this machine, against a service that does nothing; shown beside results',
      rank: 6,
      load: async () => (await import('./command.ts')).calibrateCommand,
    },
  ],
  record: async () => (await import('./view.ts')).calibrationKind,
};
