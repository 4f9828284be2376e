import path from 'node:path';
import { allOf } from '../../kernel/wait.ts';
import type { Component, ComponentRoute, StartedComponent } from '../../kernel/component.ts';
import type { Address, Wire } from '../../kernel/transport.ts';
import type { IntendedTimes } from '../../measure/figures/join.ts';
import { cacheFolder } from '../../platform/packages/cache-folder.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import { proxyOn } from '../../components/proxy/start-proxy.ts';
import type { OwnEnd } from '../../components/service/own-ends.ts';
import type { BrokerStore } from './provisioning.ts';
import type { Testbed } from './testbed.ts';

/** The system that a trial drives. */
export interface SystemUnderTest {
  readonly address: Address;
  /** Components started for it: services, the user's program, proxies, the observer of completion. */
  readonly parts: readonly StartedComponent[];
  /** Its queues and topics in brokers. */
  readonly stores: readonly BrokerStore[];
  /** One file per service process and its successors. */
  readonly hopLogs: readonly string[];
  /** Filled as services end themselves. */
  readonly ownEnds: readonly OwnEnd[];
}

/** Inputs for opening a system. */
export interface SystemContext {
  readonly name: string;
  readonly logPath: string;
  readonly schedule: IntendedTimes;
  readonly signal: AbortSignal;
  /** Disposes the started components. */
  readonly stack: AsyncDisposableStack;
}

/** A system whose components are being started. */
export interface Opening extends SystemContext {
  readonly testbed: Testbed;
  readonly spec: TrialSpec;
  readonly parts: StartedComponent[];
}

/** Starts one component of a trial; it ends with the trial. */
export async function startPart<Started extends StartedComponent>(
  { testbed, signal, stack, parts }: Opening,
  component: Component<Started>,
  routes: readonly ComponentRoute[] = [],
): Promise<Started> {
  const { spawner, folder, progress } = testbed;
  const context = {
    url: undefined,
    cacheFolder: cacheFolder(),
    signal,
    spawner,
    folder,
    progress: (line: string) => progress.line(line),
  };
  const part = await component.start(await component.find(context), context, routes);
  // Registered once for all components, which end in parallel.
  if (parts.length === 0) {
    stack.defer(async () => void (await allOf(parts.map((one) => one[Symbol.asyncDispose]()))));
  }
  parts.push(part);
  return part;
}

/**
 * Address that the caller on an edge uses. If one trial of a scenario needs a proxy there, every trial has it, the
 * control too.
 */
export async function throughProxy(
  opening: Opening,
  edge: string,
  { to, wire }: { readonly to: Address; readonly wire: Wire },
): Promise<Address> {
  const proxy = proxyOn(opening.testbed, edge, { processName: `proxy-${opening.name}-${edge}`, wire });
  const { endpoints } = await startPart(opening, proxy, [{ id: edge, to }]);
  return endpoints[0]!;
}

/** Hop log of a service by its process name; a restarted service continues the same file. */
export function hopLogOf(testbed: Testbed, processName: string): string {
  return path.join(testbed.folder, `${processName}.hops`);
}
