import type { HopConfig } from '../../plan/service-config.ts';
import type { IntendedTimes } from '../../measure/figures/join.ts';
import type { CalleeContext } from './callee-context.ts';
import { type Callee, hopLogOf } from './callee.ts';
import { applicationFaultsOn } from '../../plan/fault-window.ts';
import { type OwnEnd, reviveAfterOwnEnd } from './own-ends.ts';
import { provision } from './provisioning.ts';
import type { Rig } from './rig.ts';
import { startServices } from './service-group.ts';
import type { TrialSpec } from '../../plan/spec.ts';

/** One callee, or one per subscriber. */
export async function startSole(rig: Rig, spec: TrialSpec, at: CalleeContext): Promise<Callee> {
  const { definition, interaction, options, subscribers } = spec.row;
  const needs = { options, interaction, slots: spec.service.slots, subscribers };
  const provisioned = await provision(rig, definition, needs, String(spec.id));
  if (provisioned) at.stack.use(provisioned);
  const hopLogs: string[] = [];
  const ownEnds: OwnEnd[] = [];
  const service = await startServices(
    rig,
    {
      name: `service-${at.name}`,
      transport: definition.name,
      interaction,
      options,
      contract: spec.contract,
      address: provisioned?.address ?? null,
      ...spec.service,
      effectLogPath: at.logPath,
      countBytes: spec.countBytes,
      hopOf: (name) => {
        if (spec.kind !== 'fault' && spec.kind !== 'control') return null;
        const hopLogPath = hopLogOf(rig, name);
        hopLogs.push(hopLogPath);
        return soleHop(spec, at.schedule, hopLogPath);
      },
      revive: reviveAfterOwnEnd(ownEnds),
    },
    subscribers,
    at.signal,
  );
  at.stack.use(service);
  const places = provisioned ? Array.from({ length: subscribers }, (_, i) => i) : [];
  return {
    address: service.address,
    service,
    stores: places.map((i) => ({ provisioned: provisioned!, subscriber: i, place: i })),
    targets: new Map([['service', service]]),
    proxies: new Map(),
    hopLogs,
    ownEnds,
  };
}

/** Calls nobody: only so that faults can strike its messages, and its work is seen. */
function soleHop(spec: TrialSpec, schedule: IntendedTimes, hopLogPath: string): HopConfig {
  const faults = applicationFaultsOn('service', spec.faults, schedule);
  return { service: 0, seed: spec.seed, hopLogPath, edges: [], faults, idempotent: false, listens: [] };
}
