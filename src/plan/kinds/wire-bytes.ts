import { z } from 'zod';
import { firstRate } from '../../kernel/load-shape.ts';
import type { TrialKind } from './kind.ts';
import { steady } from './timeline/timeline.ts';

const countSchema = z.strictObject({
  calls: z.number().int().min(10).max(100_000).default(400).describe('calls whose bytes are counted'),
});

export const definition = {
  name: 'wire-bytes',
  title: 'bytes on the wire of a fixed number of calls',
  runs: {
    when: 'after rounds',
    rank: 0,
    field: 'wireBytes',
    schema: countSchema
      .nullable()
      .default(null)
      .describe('one more trial per pattern that counts bytes on the wire; null = none'),
    none: null,
    isOfOneService: true,
  },
  isForTarget: false,
  countsBytes: true,
  warmUp: { calls: 'few', isProbed: false, settles: false },
  timeline({ scenario: { load }, settings: { calls } }) {
    const ratePerS = firstRate(load);
    return steady({ shape: 'constant', ratePerS }, Math.round((calls * 1000) / ratePerS));
  },
  uses: ['traffic'],
  isTimed: false,
  words: { progress: () => 'counting bytes', report: () => 'the counting trial' },
} satisfies TrialKind<z.infer<typeof countSchema>>;
