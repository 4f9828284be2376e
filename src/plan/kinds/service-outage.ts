import type { TrialKind } from './kind.ts';
import { type Outage, outageSchema, outageTimeline } from './timeline/outage.ts';

export const definition = {
  name: 'service-outage',
  title: 'outage of the service, killed or frozen: calls served without it',
  runs: {
    when: 'after rounds',
    rank: 3,
    field: 'serviceOutage',
    schema: outageSchema
      .nullable()
      .default(null)
      .describe('one more trial per pattern in which the service is killed or frozen; null = none'),
    none: null,
    isOfOneService: true,
  },
  isForTarget: false,
  warmUp: { calls: 'few', isProbed: false, settles: false },
  timeline: (context) => outageTimeline(context, 'service'),
  uses: ['service-coupling'],
  isTimed: true,
  words: { progress: () => 'service killed or frozen', report: () => 'the outage trial' },
} satisfies TrialKind<Outage>;
