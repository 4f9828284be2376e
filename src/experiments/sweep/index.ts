import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'sweep <scenario>',
      summary:
        'latency against load past the knee, every row on the same axes; the highest rate that meets an objective',
      rank: 5,
      load: async () => (await import('./command.ts')).sweepCommand,
    },
  ],
  record: async () => (await import('./view.ts')).sweepKind,
};
