import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'run <scenario>',
      summary: 'measure every pattern of a scenario, inject its faults, and report',
      rank: 1,
      load: async () => (await import('./command.ts')).runCommand,
    },
    {
      usage: 'replay <file>',
      summary: 'run the plan of an earlier result again: same scenario, seed and order; a new result file',
      rank: 10,
      load: async () => (await import('./replay-command.ts')).replayCommand,
    },
  ],
  record: async () => (await import('./record.ts')).runKind,
};
