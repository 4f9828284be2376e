import type { BrokerSource } from '../kernel/broker.ts';
import type { Rig } from './rig.ts';
import type { Row } from './spec.ts';

const NOT_OURS: Readonly<Record<BrokerSource, string>> = {
  url: 'was given by its URL',
  kept: 'is kept by `commbench up`',
  installed: 'can not be started again',
  'package-cache': 'can not be started again',
  compose: 'runs in a container',
};

/** Why the row's broker is not taken away (DESIGN 6), in words; undefined where it may be. */
export function whyNotTaken(rig: Rig, { definition: { broker: definition } }: Row): string | undefined {
  const broker = rig.brokers.get(definition?.name ?? '');
  // One that is missing is another matter: its trial fails with the cause.
  if (!definition || !broker || broker.faultTarget) return undefined;
  return `not ours: ${definition.title} ${NOT_OURS[broker.source]}, and is never killed or frozen`;
}
