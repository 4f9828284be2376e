import type { TrialKind } from './kind.ts';
import { controlTimeline } from './timeline/fault-phases.ts';

export const definition: TrialKind = {
  name: 'control',
  title: 'load, seed and phases of the fault trials, without the faults',
  runs: {
    when: 'in rounds',
    rank: 1,
    casesIn: ({ faults, cases }) => (faults.length > 0 || cases.length > 0 ? [null] : []),
  },
  isForTarget: true,
  warmUp: { calls: 'all', isProbed: false, settles: true },
  timeline: ({ scenario }) => controlTimeline(scenario),
  uses: ['control'],
  isTimed: true,
  words: {
    progress: () => 'control, without faults',
    report: ({ variant }) => `the control${variant === null ? '' : ` of ${variant}`}`,
  },
};
