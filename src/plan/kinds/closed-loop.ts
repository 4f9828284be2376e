import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';
import type { LoopPlan, TrialKind } from './kind.ts';
import { ms } from './timeline/duration.ts';
import { steady } from './timeline/timeline.ts';

const MOST_OPEN = 10_000;
/** So many ms of its load end the trial as every other one ends, and show how noisy the machine was. */
const LOAD_MS = 300;

const closedLoopSchema = z.strictObject({
  open: z
    .array(wholeNumber(1, MOST_OPEN))
    .min(1)
    .max(6)
    .default([16, 100])
    .describe('calls open at once in each closed loop; behind a broker: unconfirmed messages'),
  forMs: ms(1000).default(2000).describe('length of a closed loop, of which the last second is measured'),
  turns: wholeNumber(1, 20).default(3).describe('how often each closed loop runs'),
});

export const definition = {
  name: 'closed-loop',
  title: 'closed loops with several numbers of calls open: rate and response time of each',
  runs: {
    when: 'after rounds',
    rank: 1,
    field: 'closedLoop',
    schema: closedLoopSchema
      .nullable()
      .default(null)
      .describe(
        'one more trial per pattern with closed loops, whose callers send again when they are answered; null = none',
      ),
    none: null,
    isOfOneService: true,
  },
  isForTarget: true,
  warmUp: { calls: 'all', isProbed: false, settles: false, loops: loopsOf },
  timeline: ({ scenario: { load, durationMs } }) => steady(load, Math.min(LOAD_MS, durationMs)),
  uses: ['closed-loop'],
  isTimed: true,
  words: { progress: () => 'closed loops', report: () => 'the trial of closed loops' },
} satisfies TrialKind<z.infer<typeof closedLoopSchema>>;

function loopsOf({ open, forMs, turns }: z.infer<typeof closedLoopSchema>): LoopPlan[] {
  return inTurn(open, turns).map((one) => ({ open: one, forMs }));
}

/** Up and down by turns, so that a drift favours no number of calls. */
function inTurn(open: readonly number[], turns: number): number[] {
  return Array.from({ length: turns }, (_, i) => (i % 2 === 0 ? open : open.toReversed())).flat();
}
