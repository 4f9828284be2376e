import { CommbenchError } from '../../kernel/errors.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import type { CalleeContext } from './callee-context.ts';
import type { Callee } from './callee.ts';
import type { Rig } from './rig.ts';
import { startSole } from './sole-callee.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import { openTarget } from './target-run.ts';
import { startTopology } from './topology-run.ts';

/** The services of this trial, or the user's own target. */
export async function openCallee(rig: Rig, spec: TrialSpec, at: CalleeContext): Promise<Callee> {
  if (spec.row.target !== undefined) return openTarget(rig, spec, spec.row.target, at);
  return spec.topology ? startTopology(rig, spec, spec.topology, at) : startSole(rig, spec, at);
}

/** Rejects when a broker of the trial ends although nobody planned it. */
export function brokerLost(rig: Rig, spec: TrialSpec): Promise<never> {
  const losses = brokersOf(spec.row, spec.topology).flatMap(({ name }) => {
    const lost = rig.brokers.get(name)?.lost;
    return lost ? [lost.then((words) => ({ name, words }))] : [];
  });
  return Promise.race(losses).then(({ name, words }) => {
    throw new CommbenchError(
      'child-failed',
      `the broker ${name} was lost in mid-trial; its last words: ${words}`,
    );
  });
}
