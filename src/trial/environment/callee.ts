import path from 'node:path';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { Address } from '../../kernel/transport.ts';
import type { OwnEnd } from './own-ends.ts';
import type { Store } from './provisioning.ts';
import type { RunningProxy } from './proxy-run.ts';
import type { Rig } from './rig.ts';
import type { ServiceGroup } from './service-group.ts';
import type { RunningCompletion } from './target-completion.ts';
import type { TargetProgram } from './target-program.ts';

/** Whom a trial calls. */
export interface Callee {
  readonly address: Address;
  readonly service: ServiceGroup | undefined;
  /** The user's own, behind a target, where we started it. */
  readonly program?: TargetProgram;
  /** Where the work of a target is seen to be done. Absent: it is not. */
  readonly completion?: RunningCompletion;
  /** What was made in brokers for it. */
  readonly stores: readonly Store[];
  /** What faults of processes may be aimed at, by its name in the scenario. */
  readonly targets: ReadonlyMap<string, FaultTarget>;
  /** By the id of the edge on which it stands. */
  readonly proxies: ReadonlyMap<string, RunningProxy>;
  /** One file per service process and its successors. */
  readonly hopLogs: readonly string[];
  /** Filled as services end themselves. */
  readonly ownEnds: readonly OwnEnd[];
}

/** Of a service by its name: one that is started again goes on in the same file. */
export function hopLogOf(rig: Rig, name: string): string {
  return path.join(rig.folder, `${name}.hops`);
}
