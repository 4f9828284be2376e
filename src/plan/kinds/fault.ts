import type { TrialKind } from './kind.ts';
import { faultTimeline } from './timeline/fault-phases.ts';

export const definition: TrialKind = {
  name: 'fault',
  title: "the scenario's faults, or those of one case",
  runs: {
    when: 'in rounds',
    rank: 2,
    casesIn({ faults, cases }) {
      if (cases.length > 0) return cases.map(({ id }) => id);
      return faults.length > 0 ? [null] : [];
    },
  },
  isForTarget: true,
  warmUp: { calls: 'all', isProbed: false, settles: true },
  timeline: ({ scenario, case: id }) => faultTimeline(scenario, id),
  uses: ['fault'],
  isTimed: true,
  words: {
    progress: ({ case: title }) => title ?? 'with faults',
    report: ({ case: id, variant }) =>
      `the faults${id === null ? '' : ` "${id}"`}${variant === null ? '' : ` of ${variant}`}`,
  },
};
