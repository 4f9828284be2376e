import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'sweep <scenario>',
      summary:
        'measure latency against load past the knee, every pattern on the same axes; find the highest rate that meets an objective',
      rank: 5,
      load: async () => (await import('./command.ts')).sweepCommand,
    },
  ],
  record: async () => (await import('./view.ts')).sweepKind,
};
