import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';

/**
 * Options of the RabbitMQ transport. The defaults are the *patient* profile: an application that
 * survives a restart of its broker, as far as one connection and one queue allow. Nagle is always off.
 */
export const rabbitmqOptionsSchema = z.strictObject({
  client: z
    .enum(['amqplib', 'rabbitmq-client'])
    .default('amqplib')
    .describe('the client library of caller and service'),
  profile: z
    .enum(['patient', 'library-defaults'])
    .default('patient')
    .describe(
      'patient: reconnects after a loss. library-defaults: as shipped; amqplib then never reconnects',
    ),
  heartbeatS: wholeNumber(1, 600)
    .default(5)
    .describe('AMQP heartbeat in seconds; after twice that without data the connection counts as lost'),
  maxUnconfirmed: wholeNumber(1, 1_000_000)
    .default(10_000)
    .describe(
      'messages without confirm, or requests without reply; further ones are refused, without effect',
    ),
  connectTimeoutMs: wholeNumber(100, 60_000)
    .default(5000)
    .describe('longest wait for one attempt to connect'),
  reconnectDelayMs: wholeNumber(10, 60_000).default(200).describe('pause before each attempt to reconnect'),
  reconnectForMs: wholeNumber(0, 600_000)
    .default(60_000)
    .describe('time after a loss for which it tries to reconnect'),
  onFailure: z
    .enum(['dead-letter', 'requeue'])
    .default('dead-letter')
    .describe('disposal of failed messages; bad requests are always dead-lettered (not request-reply)'),
  acknowledge: z
    .enum(['after-effect', 'on-delivery'])
    .default('after-effect')
    .describe('acknowledgement of a message: after its effect, or automatically at delivery'),
  exchange: z
    .enum(['topic', 'fanout'])
    .default('topic')
    .describe('publish-subscribe: routing by key, or all messages to every subscriber'),
  queueType: z
    .enum(['classic', 'quorum'])
    .default('classic')
    .describe('type of the queues: classic, or quorum, which replicates where there are several nodes'),
  expire: z
    .boolean()
    .default(true)
    .describe('request-reply: the broker discards a request past its deadline'),
});
export type RabbitmqOptions = z.infer<typeof rabbitmqOptionsSchema>;
