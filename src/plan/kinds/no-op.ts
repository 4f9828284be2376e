import { z } from 'zod';
import type { TrialKind } from './kind.ts';
import { steady } from './timeline/timeline.ts';

/** A baseline is a median beside medians: 500 ms give it 100 calls at 200/s. */
const MOST_MS = 500;

export const definition = {
  name: 'no-op',
  title: 'the same load against a service that does nothing: the no-op baseline',
  runs: {
    when: 'before rounds',
    rank: 0,
    field: 'noop',
    schema: z
      .boolean()
      .default(true)
      .describe('one more trial per pattern against a service that does nothing'),
    none: false,
    isOfOneService: false,
  },
  isForTarget: false,
  isNoOp: true,
  // As its pattern: a colder service would take longer doing nothing.
  warmUp: { calls: 'all', isProbed: true, settles: true },
  timeline: ({ scenario: { load, durationMs } }) => steady(load, Math.min(MOST_MS, durationMs)),
  uses: ['baseline'],
  isTimed: false,
  words: { progress: () => 'no-op baseline', report: () => 'the no-op baseline' },
} satisfies TrialKind;
