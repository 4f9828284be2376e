import { z } from 'zod';
import type { TimelineContext } from '../kind.ts';
import { ms } from './duration.ts';
import type { PhaseWindow, Timeline } from './timeline.ts';

/** One outage of a service or broker. */
export const outageSchema = z.strictObject({
  atMs: ms(0).default(3000).describe('length of the baseline before the outage'),
  forMs: ms(100).default(4000).describe('length of the outage'),
  recoveryMs: ms(0).default(5000).describe('measured time after the outage'),
  do: z
    .enum(['kill', 'freeze'])
    .default('kill')
    .describe('kill: kill -9 and restart; freeze: SIGSTOP and SIGCONT'),
});
export type Outage = z.infer<typeof outageSchema>;

/** Baseline, outage and recovery under the scenario's own load. */
export function outageTimeline(
  { scenario: { load }, settings }: TimelineContext<Outage>,
  on: 'service' | 'broker',
): Timeline {
  const { do: what, atMs, forMs, recoveryMs } = settings;
  const durationMs = atMs + forMs + recoveryMs;
  const phases: PhaseWindow[] = [
    { name: 'baseline', fromMs: 0, toMs: atMs },
    { name: 'outage', fromMs: atMs, toMs: atMs + forMs },
    { name: 'recovery', fromMs: atMs + forMs, toMs: durationMs },
  ];
  return {
    load,
    durationMs,
    phases: phases.filter(({ fromMs, toMs }) => toMs > fromMs),
    faults: [{ id: what, do: what, on, atMs, forMs, options: {} }],
  };
}
