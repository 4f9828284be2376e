import type { ExperimentDefinition } from '../definition.ts';

export const definition: ExperimentDefinition = {
  commands: [
    {
      usage: 'live <scenario>',
      summary:
        'break things by key, click or script while real services run under a steady load; keep it as a scenario',
      rank: 3,
      load: async () => (await import('./command.ts')).liveCommand,
    },
  ],
  record: async () => (await import('./record.ts')).liveKind,
};
