import type { TrialSpec } from '../../plan/spec.ts';
import type { SystemUnderTest, SystemContext, Opening } from './system-under-test.ts';
import type { Testbed } from './testbed.ts';
import { startServices } from './start-services.ts';
import { openTarget } from './target-run.ts';

/** Opens the services of this trial, or the user's own target. */
export async function openSystem(
  testbed: Testbed,
  spec: TrialSpec,
  at: SystemContext,
): Promise<SystemUnderTest> {
  const opening: Opening = { ...at, testbed, spec, parts: [] };
  const { target } = spec.system.pattern;
  return target === undefined ? startServices(opening) : openTarget(opening, target);
}
