import type { TrialSpec } from '../../plan/spec.ts';
import { writeResult } from '../../record/store.ts';
import { careForBrokers } from '../../trial/environment/broker-care.ts';
import { startBrokers } from '../../trial/environment/broker-set.ts';
import { openRig, type Rig, type RigOptions } from '../../trial/environment/rig.ts';
import { runTogether } from '../../trial/together.ts';
import { runTrial, type TrialOutput } from '../../trial/trial.ts';

/** All that a design is run by and with; tests have another one, on a clock of their own. */
export interface World {
  openRig(options: RigOptions): Promise<Rig & AsyncDisposable>;
  readonly startBrokers: typeof startBrokers;
  readonly careForBrokers: typeof careForBrokers;
  /** At once, where there are several. */
  runTrials(rig: Rig, specs: readonly TrialSpec[]): Promise<readonly Pick<TrialOutput, 'trial'>[]>;
  nowMs(): number;
  save(file: string, record: object): void;
}

export const realWorld: World = {
  openRig,
  startBrokers,
  careForBrokers,
  runTrials: async (rig, specs) =>
    specs.length === 1 ? [await runTrial(rig, specs[0]!)] : runTogether(rig, specs),
  nowMs: () => performance.now(),
  save: writeResult,
};
