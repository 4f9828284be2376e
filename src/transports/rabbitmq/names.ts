import { hasSubscribers } from '../../contracts/interactions.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Address } from '../../kernel/transport.ts';

/** Objects of a trial in the broker; all of their names begin with the trial's prefix. */
export interface QueueLocation {
  /** Exchange to publish to; empty: the default exchange, which routes by queue name. */
  readonly exchange: string;
  /** One queue for each consumer group: one in all, or one for each subscriber. */
  readonly queues: readonly string[];
}

export function queueLocationOf(prefix: string, interaction: string, subscribers: number): QueueLocation {
  if (!hasSubscribers(interaction)) return { exchange: '', queues: [prefix] };
  const queues = Array.from({ length: subscribers }, (_, i) => subscriberQueue(prefix, i));
  return { exchange: eventsExchange(prefix), queues };
}

/** The prefix of the trial's names, which provisioning put into the address. */
function prefixOf(address: Address | undefined): string {
  const prefix = address?.['queue'];
  if (prefix !== undefined) return prefix;
  throw new CommbenchError('defect', 'Expected an address with a queue, as provisioning makes it');
}

/** The queue that a consumer takes its messages from. */
export function queueOf(
  address: Address | undefined,
  { interaction, subscriber }: { readonly interaction: string; readonly subscriber: number },
): string {
  const prefix = prefixOf(address);
  return hasSubscribers(interaction) ? subscriberQueue(prefix, subscriber) : prefix;
}

/** Exchange and routing key for a message of an operation. */
export interface RabbitmqRoute {
  readonly exchange: string;
  readonly key: (operation: string) => string;
}

export function routeOf(address: Address, interaction: string): RabbitmqRoute {
  const prefix = prefixOf(address);
  if (hasSubscribers(interaction)) return { exchange: eventsExchange(prefix), key: routingKey };
  return { exchange: '', key: () => prefix };
}

export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

function eventsExchange(prefix: string): string {
  return `${prefix}.events`;
}

function subscriberQueue(prefix: string, subscriber: number): string {
  return `${prefix}.subscriber-${subscriber}`;
}

/** Binding keys of a topic exchange's subscriber: every event of ours. */
export const BINDINGS: readonly string[] = ['user.*', 'commbench.*'];

const EVENTS: ReadonlyMap<string, string> = new Map([
  ['createUser', 'user.created'],
  ['updateUser', 'user.updated'],
  ['deleteUser', 'user.deleted'],
]);

/** The event's name for operations on users; otherwise the operation's name. */
export function routingKey(operation: string): string {
  return EVENTS.get(operation) ?? `commbench.${operation}`;
}
