import { describe, expect, it } from 'vitest';
import { complexityPoints } from '../../../src/kernel/complexity.ts';
import { rabbitmqOptionsSchema } from '../../../src/transports/rabbitmq/options.ts';
import { complexityOf, fairnessOf, guaranteeOf } from '../../../src/transports/rabbitmq/statements.ts';

const options = rabbitmqOptionsSchema.parse({});

describe('what is said of a pattern over RabbitMQ', () => {
  it.each([
    ['work-queue', 16],
    ['publish-subscribe', 17],
    ['request-reply', 11],
  ] as const)('%s: its complexity is that of docs/complexity.md', (interaction, points) => {
    // The items themselves stand in docs/complexity.md, which is generated: test/shape/generated.test.ts.
    expect(complexityPoints(complexityOf(interaction))).toBe(points);
  });

  it('names the options that change what a pattern promises', () => {
    const fairness = (given: object, interaction: 'publish-subscribe' | 'request-reply' | 'work-queue') =>
      fairnessOf({ ...options, ...given }, interaction);
    expect(fairness({ exchange: 'fanout' }, 'publish-subscribe')['exchange']).toMatch(/^fanout/);
    expect(fairness({ expire: false }, 'request-reply')['expiring']).toBe('requests never expire');
    expect(fairness({ onFailure: 'requeue' }, 'work-queue')['failed work']).toBe('redelivered');
  });

  it('promises nothing of what is acknowledged before it is done', () => {
    for (const interaction of ['work-queue', 'publish-subscribe', 'request-reply'] as const) {
      const given = { ...options, acknowledge: 'on-delivery' as const };
      const { delivery, label } = guaranteeOf(given, interaction);
      expect(delivery).toBe('at-most-once');
      expect(label).not.toBe(guaranteeOf(options, interaction).label);
      expect(fairnessOf(given, interaction)['prefetch']).toMatch(/^none/);
    }
  });

  it('does not promise a request what only a written message has', () => {
    expect(guaranteeOf(options, 'request-reply').durableAgainst).toMatch(/Not a restarted broker/);
    for (const interaction of ['work-queue', 'publish-subscribe'] as const) {
      expect(guaranteeOf(options, interaction).durableAgainst).toMatch(/a restarted broker/);
    }
  });
});
