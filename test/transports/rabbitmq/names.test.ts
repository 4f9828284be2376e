import { describe, expect, it } from 'vitest';
import {
  BINDINGS,
  queueLocationOf,
  queueOf,
  routeOf,
  routingKey,
} from '../../../src/transports/rabbitmq/names.ts';

const address = { url: 'amqp://127.0.0.1', queue: 'commbench.run.7' };

/** As AMQP's topic exchanges read `*`: one word. */
const matches = (pattern: string, key: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(key);

describe('the names of a trial', () => {
  it.each([
    ['createUser', 'user.created'],
    ['updateUser', 'user.updated'],
    ['deleteUser', 'user.deleted'],
    ['echo', 'commbench.echo'],
    ['nothing', 'commbench.nothing'],
  ])('calls the event of %s %s, which every subscriber is bound to once', (operation, key) => {
    expect(routingKey(operation)).toBe(key);
    expect(BINDINGS.filter((pattern) => matches(pattern, key))).toHaveLength(1);
  });

  it('has one queue for a work queue and for requests, behind the default exchange', () => {
    for (const interaction of ['work-queue', 'request-reply'] as const) {
      expect(queueLocationOf(address.queue, interaction, 1)).toEqual({
        exchange: '',
        queues: [address.queue],
      });
      expect(queueOf(address, { interaction, subscriber: 0 })).toBe(address.queue);
      expect(routeOf(address, interaction).key('createUser')).toBe(address.queue);
    }
  });

  it('has a queue for each subscriber, all behind one exchange', () => {
    const interaction = 'publish-subscribe';
    const place = queueLocationOf(address.queue, interaction, 3);
    expect(new Set(place.queues).size).toBe(3);
    expect([0, 1, 2].map((subscriber) => queueOf(address, { interaction, subscriber }))).toEqual(
      place.queues,
    );
    expect(routeOf(address, interaction).exchange).toBe(place.exchange);
    for (const name of [place.exchange, ...place.queues]) expect(name).toMatch(/^commbench\.run\.7\./);
  });

  it('needs an address that provisioning made', () => {
    expect(() => routeOf({ url: address.url }, 'work-queue')).toThrow(/as provisioning makes it/);
  });
});
