import { CommbenchError } from '../kernel/errors.ts';
import type { Address, Provisioned, Transport } from '../kernel/transport.ts';
import type { Rig } from './rig.ts';
import { type ServiceGroup, startServices } from './service-group.ts';
import type { TrialSpec } from './spec.ts';

/** Whom a trial calls. */
export interface Callee {
  readonly address: Address;
  readonly service: ServiceGroup | undefined;
  /** What was made in the broker for it. */
  readonly provisioned: Provisioned | undefined;
}

/** The service of this trial, or the user's own target. */
export async function openCallee(
  rig: Rig,
  spec: TrialSpec,
  at: { name: string; logPath: string; signal: AbortSignal; stack: AsyncDisposableStack },
): Promise<Callee> {
  if (spec.row.target !== undefined) {
    return { address: targetAddress(spec.row.target), service: undefined, provisioned: undefined };
  }
  const { broker } = spec.row.definition;
  if (broker && !rig.brokers.has(broker.name)) {
    throw new CommbenchError('child-failed', `${broker.title} was lost and did not come back`);
  }
  const transport = await spec.row.definition.load();
  const provisioned = await provision(transport, rig, spec);
  if (provisioned) at.stack.use(provisioned);
  const service = await startServices(
    rig,
    {
      name: `service-${at.name}`,
      transport: spec.row.definition.name,
      interaction: spec.row.interaction,
      options: spec.row.options,
      contract: spec.contract,
      address: provisioned?.address ?? null,
      ...spec.service,
      effectLogPath: at.logPath,
      countBytes: spec.countBytes,
      hop: null,
    },
    spec.row.subscribers,
    at.signal,
  );
  at.stack.use(service);
  return { address: service.address, service, provisioned };
}

async function provision(transport: Transport, rig: Rig, spec: TrialSpec) {
  const broker = rig.brokers.get(spec.row.definition.broker?.name ?? '');
  if (!transport.provision || !broker) return undefined;
  try {
    return await transport.provision({
      options: spec.row.options,
      interaction: spec.row.interaction,
      slots: spec.service.slots,
      subscribers: spec.row.subscribers,
      brokerUrl: broker.url,
      prefix: `commbench.${rig.mark}.${spec.id}`,
    });
  } catch (error) {
    throw new CommbenchError(
      'child-failed',
      `could not prepare ${broker.name}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function targetAddress(target: string): Address {
  const url = new URL(target);
  return { url: url.origin, path: url.pathname + url.search };
}

export function brokerLost(rig: Rig, spec: TrialSpec): Promise<never> {
  const broker = rig.brokers.get(spec.row.definition.broker?.name ?? '');
  if (!broker) return new Promise(() => undefined);
  return broker.lost.then((words) => {
    throw new CommbenchError(
      'child-failed',
      `the broker ${broker.name} was lost in mid-trial; its last words: ${words}`,
    );
  });
}
