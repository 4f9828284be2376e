import type { TrialKind } from './kind.ts';
import { type Outage, outageSchema, outageTimeline } from './timeline/outage.ts';

export const definition = {
  name: 'broker-outage',
  title: 'outage of the broker, killed or frozen: calls served without it',
  runs: {
    when: 'after rounds',
    // Runs last: later trials would find the broker cold.
    rank: 4,
    field: 'brokerOutage',
    schema: outageSchema
      .nullable()
      .default(null)
      .describe(
        'one more trial per pattern with a broker, in which the broker is killed or frozen; null = none',
      ),
    none: null,
    isOfOneService: true,
  },
  isForTarget: false,
  warmUp: { calls: 'few', isProbed: false, settles: false },
  timeline: (context) => outageTimeline(context, 'broker'),
  uses: ['broker-coupling'],
  isTimed: true,
  words: {
    progress: () => 'broker killed or frozen',
    report: () => "the broker's outage trial",
    skipped: {
      code: 'not-ours',
      hint: 'Only a broker that the run itself started is killed: run `commbench down`, then run without --broker.',
    },
  },
} satisfies TrialKind<Outage>;
