import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../../kernel/bounded.ts';
import { MAX_BUSY_PER_S } from '../../kernel/load-shape.ts';
import type { TimelineContext, TrialKind } from './kind.ts';
import { ms } from './timeline/duration.ts';
import type { Timeline } from './timeline/timeline.ts';

const idleSchema = z.strictObject({
  idlePerS: z.number().positive().max(1000).default(20).describe('arrivals per second of an idle block'),
  busyShare: boundedNumber(0.1, 1)
    .default(0.8)
    .describe(
      `rate of a busy block, as a share of the rate of the pattern's closed loop in the warm-up, at most ${MAX_BUSY_PER_S}/s`,
    ),
  idleMs: ms(500).default(1500).describe('length of an idle block'),
  busyMs: ms(100).default(500).describe('length of a busy block'),
  blocks: wholeNumber(3, 20).default(4).describe('pairs of an idle and a busy block'),
});
type Idle = z.infer<typeof idleSchema>;

export const definition = {
  name: 'idle-busy',
  title: 'alternating idle and busy blocks: variability of the latency',
  runs: {
    when: 'after rounds',
    rank: 2,
    field: 'idleBusy',
    schema: idleSchema
      .nullable()
      .default(null)
      .describe(
        'one more trial per pattern that alternates between idle and busy, for the variability of its latency; null = none',
      ),
    none: null,
    isOfOneService: true,
  },
  isForTarget: false,
  // The first idle block serves as the settling of other kinds.
  warmUp: { calls: 'all', isProbed: false, settles: false },
  timeline: alternating,
  capacityShare: ({ busyShare }) => busyShare,
  uses: ['variability'],
  isTimed: true,
  words: { progress: () => 'idle and busy', report: () => 'the idle and busy trial' },
} satisfies TrialKind<Idle>;

/** Blocks alternate in pairs, so that drift cancels within each pair. */
function alternating({ settings, capacityRatePerS: busyPerS }: TimelineContext<Idle>): Timeline {
  const { idlePerS, idleMs, busyMs, blocks } = settings;
  const pairMs = idleMs + busyMs;
  const pairs = Array.from({ length: blocks }, (_, i) => i);
  return {
    load: {
      shape: 'steps',
      steps: pairs.flatMap(() => [
        { ratePerS: idlePerS, forMs: idleMs },
        { ratePerS: busyPerS, forMs: busyMs },
      ]),
    },
    durationMs: blocks * pairMs,
    phases: pairs.flatMap((i) => [
      { name: `idle-${i + 1}`, fromMs: i * pairMs, toMs: i * pairMs + idleMs },
      { name: `busy-${i + 1}`, fromMs: i * pairMs + idleMs, toMs: (i + 1) * pairMs },
    ]),
    faults: [],
  };
}
