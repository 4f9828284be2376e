import { z } from 'zod';
import type { TargetSupport } from '../../kernel/transport.ts';
import type { RabbitmqOptions } from './options.ts';

const name = z.string().min(1).max(255);

const targetSchema = z
  .strictObject({
    queue: name.optional().describe('queue to publish to, through the default exchange'),
    exchange: name.optional().describe('exchange to publish to, in place of a queue'),
    routingKey: z.string().max(255).default('').describe('routing key for an exchange, with {{holes}}'),
    body: z.json().describe('body, with {{holes}}: a text is sent as it is, anything else as JSON'),
    headers: z
      .record(z.string().min(1).max(128), z.string().max(4000))
      .default({})
      .describe('headers of each message, with {{holes}}'),
    contentType: z.string().min(1).max(200).default('application/json').describe('property content_type'),
    persistent: z.boolean().default(true).describe('delivery mode 2: a durable queue stores it on disk'),
    confirm: z
      .boolean()
      .default(true)
      .describe("wait for the broker's confirm; false: no acknowledgement, without acceptance latency"),
    declare: z
      .boolean()
      .default(false)
      .describe('creates a missing queue, durable, and leaves it there; false: it must exist'),
  })
  .refine(({ queue, exchange }) => (queue === undefined) !== (exchange === undefined), {
    path: ['queue'],
    message: 'Give either queue or exchange',
  });
export type RabbitmqTarget = z.infer<typeof targetSchema>;

/** A queue or exchange of the user's own: any body, headers and routing key, with the broker's confirm or without. */
export const rabbitmqTarget: TargetSupport<RabbitmqOptions, RabbitmqTarget> = {
  settings: targetSchema,
  shared: ['confirm'],
  outlet: { kind: 'queue', protocols: ['amqp:', 'amqps:'] },
  acknowledgedBy: ({ confirm, persistent }) =>
    confirm
      ? `the broker, by its confirm of a ${persistent ? 'persistent' : 'transient'} message; the work is not done yet`
      : 'no acknowledgement: a message counts as sent when it was written to the socket',
  fairness: (_options, _url, { queue, exchange, routingKey, confirm, persistent }) => ({
    protocol: 'AMQP 0-9-1, amqplib as the client',
    requests:
      queue === undefined
        ? `to the exchange ${exchange} by the routing key ${routingKey === '' ? '(none)' : routingKey}`
        : `to the queue ${queue}`,
    publishing: `${persistent ? 'persistent' : 'transient'}, ${confirm ? 'mandatory, confirmed one by one' : 'unconfirmed'}`,
    connections: 'one',
    noDelay: 'on in the client; unknown for the target',
  }),
};
