import type { ComponentSource } from '../kernel/component.ts';
import type { BrokerIdentity } from '../kernel/transport.ts';
import type { Rig } from './environment/rig.ts';

const NOT_OURS: Readonly<Record<ComponentSource, string>> = {
  url: 'was given by its URL',
  kept: 'is kept by `commbench up`',
  installed: 'can not be started again',
  'package-cache': 'can not be started again',
  compose: 'runs in a container',
  'built-in': 'can not be started again',
};

/** Why a broker is not taken away (DESIGN 6), in words; undefined where it may be. */
export function whyNotTaken(rig: Rig, { name, title }: BrokerIdentity): string | undefined {
  const broker = rig.brokers.get(name);
  // One that is missing is another matter: its trial fails with the cause.
  if (!broker || broker.faultTarget) return undefined;
  return `not ours: ${title} ${NOT_OURS[broker.source]}, and is never killed or frozen`;
}
