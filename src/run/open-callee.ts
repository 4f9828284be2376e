import { CommbenchError } from '../kernel/errors.ts';
import type { Address } from '../kernel/transport.ts';
import { brokersOf } from './brokers-of.ts';
import type { Callee, CalleeContext } from './callee.ts';
import type { Rig } from './rig.ts';
import { startSole } from './sole-callee.ts';
import type { TrialSpec } from './spec.ts';
import { startTopology } from './topology-run.ts';

const NOBODY = { service: undefined, stores: [], targets: new Map(), proxies: new Map(), hopLogs: [] };

/** The services of this trial, or the user's own target. */
export async function openCallee(rig: Rig, spec: TrialSpec, at: CalleeContext): Promise<Callee> {
  if (spec.row.target !== undefined) {
    return { ...NOBODY, address: targetAddress(spec.row.target), ownEnds: [] };
  }
  return spec.topology ? startTopology(rig, spec, spec.topology, at) : startSole(rig, spec, at);
}

function targetAddress(target: string): Address {
  const url = new URL(target);
  return { url: url.origin, path: url.pathname + url.search };
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
