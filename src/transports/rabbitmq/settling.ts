import { isAnswered } from '../../contracts/interactions.ts';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Handled } from '../../kernel/contract.ts';
import type { RabbitmqOptions } from './options.ts';
import { contentOf, DONE, FAILED, JSON_TYPE } from './wire.ts';

/** The disposal of a message once its handler has settled. */
export type Settle = (channel: Channel, message: ConsumeMessage, handled: Handled) => void;

export function createSettle(
  { acknowledge, onFailure }: Pick<RabbitmqOptions, 'acknowledge' | 'onFailure'>,
  interaction: string,
): Settle {
  const somebodyWaits = isAnswered(interaction);
  if (acknowledge === 'on-delivery') return somebodyWaits ? reply : nothing;
  return somebodyWaits ? answer : createDisposal(onFailure);
}

/** It left the queue at delivery: failed messages are gone as well. */
const nothing: Settle = () => undefined;

/** Without a waiting caller: finished messages leave the queue, failed ones are dead-lettered or redelivered. */
function createDisposal(onFailure: RabbitmqOptions['onFailure']): Settle {
  return (channel, message, handled) => {
    const disposal = disposalOf(handled, onFailure);
    if (disposal === 'acknowledge') channel.ack(message);
    else channel.nack(message, false, disposal === 'requeue');
  };
}

/** What becomes of a message that was handled, and for which no caller waits. */
export function disposalOf(
  handled: Handled,
  onFailure: RabbitmqOptions['onFailure'],
): 'acknowledge' | 'requeue' | 'dead-letter' {
  if (handled.kind === 'done') return 'acknowledge';
  // Overloaded is no fault of the message; a bad request stays bad however often it comes.
  const again =
    handled.status === 'overloaded' || (onFailure === 'requeue' && handled.status !== 'bad-request');
  return again ? 'requeue' : 'dead-letter';
}

/**
 * With a waiting caller: the reply goes first, then the request leaves the queue. If the service is killed between the
 * two, the request is redelivered; in the other order the reply would be lost.
 */
const answer: Settle = (channel, message, handled) => {
  reply(channel, message, handled);
  channel.ack(message);
};

/** Replies to an absent caller are dropped by the broker. */
const reply: Settle = (channel, message, handled) => {
  const replyTo: unknown = message.properties.replyTo;
  const correlationId: unknown = message.properties.correlationId;
  if (typeof replyTo === 'string' && typeof correlationId === 'string') {
    const [type, body] = replyPartsOf(handled);
    channel.publish('', replyTo, contentOf(body), { correlationId, type, contentType: JSON_TYPE });
  }
};

/** The type and the body of a reply. */
export function replyPartsOf(handled: Handled): [type: string, body: unknown] {
  if (handled.kind === 'done') return [DONE, handled.body];
  const { status, detail, noEffect } = handled;
  return [FAILED, { error: `${status}: ${detail}`, status, effect: noEffect ? 'none' : 'unknown' }];
}
