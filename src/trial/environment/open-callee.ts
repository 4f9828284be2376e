import type { TrialSpec } from '../../plan/spec.ts';
import type { Callee, CalleeContext, Opening } from './callee.ts';
import type { Rig } from './rig.ts';
import { startServices } from './start-services.ts';
import { openTarget } from './target-run.ts';

/** The services of this trial, or the user's own target. */
export async function openCallee(rig: Rig, spec: TrialSpec, at: CalleeContext): Promise<Callee> {
  const opening: Opening = { ...at, rig, spec, parts: [] };
  const { target } = spec.row;
  return target === undefined ? startServices(opening) : openTarget(opening, target);
}
