import { z } from 'zod';

const ms = (min: number, max: number) => z.number().int().min(min).max(max);

/**
 * Options of the RabbitMQ transport. The defaults are the *patient* profile: an application that
 * survives a restart of its broker, as far as one connection and one queue allow. Nagle is always off.
 */
export const rabbitmqOptionsSchema = z.strictObject({
  profile: z
    .enum(['patient', 'library-defaults'])
    .default('patient')
    .describe(
      'patient: connects again after a loss. library-defaults: amqplib as it ships, which after a loss never does',
    ),
  heartbeatS: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(5)
    .describe('AMQP heartbeat in seconds: twice that without a byte, and the connection counts as lost'),
  maxUnconfirmed: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe(
      'messages without their confirm, or requests without their reply; past that refused, without effect',
    ),
  connectTimeoutMs: ms(100, 60_000).default(5000).describe('longest wait for one attempt to connect'),
  reconnectDelayMs: ms(10, 60_000).default(200).describe('pause before each attempt to connect again'),
  reconnectForMs: ms(0, 600_000)
    .default(60_000)
    .describe('how long after a loss it is tried to connect again, before giving up'),
  onFailure: z
    .enum(['dead-letter', 'requeue'])
    .default('dead-letter')
    .describe(
      'where a message goes whose handler failed; bad requests are dead-lettered in any case (not request-reply)',
    ),
  acknowledge: z
    .enum(['after-effect', 'on-delivery'])
    .default('after-effect')
    .describe(
      'when a message leaves the queue: once it was done, or as soon as it is given out (automatic acknowledgement)',
    ),
  exchange: z
    .enum(['topic', 'fanout'])
    .default('topic')
    .describe('publish-subscribe: chosen by routing key, or everything to every subscriber'),
  expire: z
    .boolean()
    .default(true)
    .describe('request-reply: the broker throws away a request that is past its deadline'),
});
export type RabbitmqOptions = z.infer<typeof rabbitmqOptionsSchema>;
