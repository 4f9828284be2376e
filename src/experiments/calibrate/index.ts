import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'calibrate',
      summary:
        'measure no-op baseline and highest sustained rate of every pattern on this machine, for comparison with results',
      rank: 6,
      load: async () => (await import('./command.ts')).calibrateCommand,
    },
  ],
  record: async () => (await import('./view.ts')).calibrationKind,
};
