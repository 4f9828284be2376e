import type { ComponentSource } from '../kernel/component.ts';
import type { BrokerIdentity } from '../kernel/transport.ts';
import type { Testbed } from './environment/testbed.ts';

const NOT_OURS: Readonly<Record<ComponentSource, string>> = {
  url: 'was given by its URL',
  persistent: 'is started by `commbench up`',
  installed: 'cannot be restarted',
  'package-cache': 'cannot be restarted',
  compose: 'runs in a container',
  'built-in': 'cannot be restarted',
};

/** Reason in words why a broker may not be taken down (DESIGN 6); undefined where it may. */
export function whyNotTaken(testbed: Testbed, { name, title }: BrokerIdentity): string | undefined {
  const broker = testbed.brokers.get(name);
  // A missing broker is handled elsewhere: its trial fails with the cause.
  if (!broker || broker.faultTarget) return undefined;
  return `not ours: ${title} ${NOT_OURS[broker.source]}, and is never killed or frozen`;
}
