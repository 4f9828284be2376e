import type { TrialSpec } from '../../plan/spec.ts';
import { writeResult } from '../../record/store.ts';
import { careForBrokers } from '../../trial/environment/broker-care.ts';
import { startBrokers } from '../../trial/environment/broker-set.ts';
import { lookAtMachine, type MachineLook } from '../../trial/environment/machine-look.ts';
import { openTestbed, type Testbed, type TestbedOptions } from '../../trial/environment/testbed.ts';
import type { DrivenSession } from '../../trial/drive-parts.ts';
import { runTogether } from '../../trial/together.ts';
import { runTrial, type TrialOutput } from '../../trial/trial.ts';

/** A trial, and what was observed of it where that is known. */
type RanTrial = Pick<TrialOutput, 'trial'> & Partial<TrialOutput>;

/** Effects that a design run needs; tests replace them, with a clock of their own. */
export interface World {
  openTestbed(options: TestbedOptions): Promise<Testbed & AsyncDisposable>;
  readonly startBrokers: typeof startBrokers;
  lookAtMachine(testbed: Testbed, isShown: boolean): Promise<MachineLook>;
  readonly careForBrokers: typeof careForBrokers;
  /**
   * Several run at once.
   * @param session who decides on a single one while it runs
   */
  runTrials(
    testbed: Testbed,
    specs: readonly TrialSpec[],
    session?: DrivenSession,
  ): Promise<readonly RanTrial[]>;
  nowMs(): number;
  save(file: string, record: object): void;
}

export const realWorld: World = {
  openTestbed,
  startBrokers,
  lookAtMachine,
  careForBrokers,
  runTrials: async (testbed, specs, session) =>
    specs.length === 1 ? [await runTrial(testbed, specs[0]!, { session })] : runTogether(testbed, specs),
  nowMs: () => performance.now(),
  save: writeResult,
};
