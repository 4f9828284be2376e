import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { Address } from '../../kernel/transport.ts';
import type { WireBytes } from '../../measure/logs/wire-count.ts';
import { allOf } from '../../kernel/all-of.ts';
import type { Rig } from './rig.ts';
import { type Revive, type RunningService, type ServiceSettings, startService } from './service-run.ts';

/** The services of one trial, which may be killed, frozen and started again together. */
export interface ServiceGroup extends FaultTarget, AsyncDisposable {
  /** Where the generator calls. */
  readonly address: Address;
  /** Rejects when one of them ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
  /** Of all of them together, since their starts. */
  wireBytes(): Promise<WireBytes>;
}

/** The callee: one service, or as many as there are subscribers. */
export interface CalleeSettings extends Omit<ServiceSettings, 'subscriber' | 'hop'> {
  /** By the name of its process: what makes it something that faults of messages can strike. */
  readonly hopOf: (name: string) => ServiceSettings['hop'];
  readonly revive: Revive;
}

/** Starts them side by side, all on one effect log. @throws CommbenchError child-failed with the first one's last words */
export async function startServices(
  rig: Rig,
  { hopOf, revive, ...settings }: CalleeSettings,
  subscribers: number,
  signal: AbortSignal,
): Promise<ServiceGroup> {
  await using stack = new AsyncDisposableStack();
  const names = Array.from({ length: subscribers }, (_, i) =>
    subscribers === 1 ? settings.name : `${settings.name}-subscriber${i}`,
  );
  const services = await allOf(
    names.map(async (name, subscriber) => {
      const own = { ...settings, name, subscriber, hop: hopOf(name) };
      return stack.use(await startService(rig, own, signal, revive));
    }),
  );
  return groupOf(settings.name, services[0]!.address, services, stack.move());
}

/** @param owned disposes them, and whatever was started for them */
export function groupOf(
  name: string,
  address: Address,
  services: readonly RunningService[],
  owned: AsyncDisposable,
): ServiceGroup {
  const all = async (act: (service: RunningService) => Promise<void>) => {
    await Promise.all(services.map(act));
  };
  return {
    name,
    address,
    get pids() {
      return services.flatMap(({ pids }) => pids);
    },
    lost: Promise.race(services.map(({ lost }) => lost)),
    signal: (sig) => all((service) => service.signal(sig)),
    ended: () => all((service) => service.ended()),
    restart: () => all((service) => service.restart()),
    async wireBytes() {
      const each = await Promise.all(services.map((service) => service.wireBytes()));
      const sum = (of: (bytes: WireBytes) => number) => each.reduce((total, bytes) => total + of(bytes), 0);
      return { sent: sum(({ sent }) => sent), received: sum(({ received }) => received) };
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
