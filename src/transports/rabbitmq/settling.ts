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
    if (handled.kind === 'done') return channel.ack(message);
    // Overloaded is no fault of the message; a bad request stays bad however often it comes.
    const again =
      handled.status === 'overloaded' || (onFailure === 'requeue' && handled.status !== 'bad-request');
    channel.nack(message, false, again);
  };
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
    const [type, body] = replyOf(handled);
    channel.publish('', replyTo, contentOf(body), { correlationId, type, contentType: JSON_TYPE });
  }
};

function replyOf(handled: Handled): [type: string, body: unknown] {
  if (handled.kind === 'done') return [DONE, handled.body];
  const { status, detail, noEffect } = handled;
  return [FAILED, { error: `${status}: ${detail}`, status, effect: noEffect ? 'none' : 'unknown' }];
}
