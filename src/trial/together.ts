import { CommbenchError } from '../kernel/errors.ts';
import { allOf, onAbort } from '../kernel/wait.ts';
import { openMeeting } from './meeting.ts';
import { silentProgress } from './progress.ts';
import type { Testbed } from './environment/testbed.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { runTrial, type TrialOutput } from './trial.ts';

/**
 * Runs trials at once, each with processes and queues of its own, their loads from one instant on. A failing one
 * cancels the others, as their figures would be no part of a pair.
 */
export async function runTogether(testbed: Testbed, specs: readonly TrialSpec[]): Promise<TrialOutput[]> {
  const meeting = openMeeting(specs.length);
  using _listener = onAbort(testbed.signal, () => meeting.fail(testbed.signal.reason));
  return await allOf(
    specs.map(async (spec, i) => {
      // Only one live line is shown.
      const own = i === 0 ? testbed : { ...testbed, progress: silentProgress };
      try {
        const output = await runTrial(own, spec, { meeting });
        if (!output.raw) {
          const why = output.trial.failure ?? 'no reason was given';
          meeting.fail(new CommbenchError('child-failed', `the concurrent trial failed: ${why}`));
        }
        return output;
      } catch (error) {
        meeting.fail(error);
        throw error;
      }
    }),
  );
}
