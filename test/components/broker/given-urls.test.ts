import { expect, test } from 'vitest';
import { givenUrls } from '../../../src/components/broker/given-urls.ts';

const NAMES = ['rabbitmq', 'kafka'];

test('an option wins over the variable of the same broker', () => {
  const env = { COMMBENCH_RABBITMQ_URL: 'amqp://127.0.0.1:1', COMMBENCH_KAFKA_URL: 'kafka://127.0.0.1:2' };
  expect(givenUrls(['rabbitmq=amqp://127.0.0.1:3'], NAMES, env)).toEqual({
    rabbitmq: 'amqp://127.0.0.1:3',
    kafka: 'kafka://127.0.0.1:2',
  });
});

test('an unknown name is refused with the nearest known one', () => {
  expect(() => givenUrls(['rabitmq=amqp://127.0.0.1'], NAMES, {})).toThrow(
    expect.objectContaining({ code: 'bad-option', hint: 'Did you mean rabbitmq?' }),
  );
});

test.each(['rabbitmq', '=amqp://h', 'rabbitmq=', 'rabbitmq=no url', 'amqp://ana:s3cret@h'])(
  '%s is refused, without showing a password',
  (option) => {
    expect(() => givenUrls([option], NAMES, {})).toThrow(expect.objectContaining({ code: 'bad-option' }));
    expect(() => givenUrls([option], NAMES, {})).not.toThrow(/s3cret/);
  },
);
