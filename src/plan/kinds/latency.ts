import type { TrialKind } from './kind.ts';
import { steady } from './timeline/timeline.ts';

export const definition: TrialKind = {
  name: 'latency',
  title: "the scenario's load, without a fault",
  runs: {
    when: 'in rounds',
    rank: 0,
    casesIn: ({ faults, cases }) => (faults.length === 0 && cases.length === 0 ? [null] : []),
  },
  isForTarget: true,
  warmUp: { calls: 'all', isProbed: true, settles: true },
  timeline: ({ scenario: { load, durationMs } }) => steady(load, durationMs),
  uses: ['latency'],
  isTimed: true,
  words: {
    progress: ({ round, rounds }) => `round ${round} of ${rounds}`,
    report: ({ round }) => `round ${round}`,
  },
};
