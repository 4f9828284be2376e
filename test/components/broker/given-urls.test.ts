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

test('a password is taken from a variable alone: lists of processes show options', () => {
  const given = () => givenUrls(['rabbitmq=amqp://ana:s3cret@h'], NAMES, {});
  expect(given).toThrow(
    expect.objectContaining({
      code: 'bad-option',
      hint: 'Set the variable COMMBENCH_RABBITMQ_URL to the whole URL in place of --broker.',
    }),
  );
  expect(given).not.toThrow(/s3cret/);
  const url = 'amqp://ana:s3cret@h';
  expect(givenUrls([], NAMES, { COMMBENCH_RABBITMQ_URL: url })).toEqual({ rabbitmq: url });
  expect(givenUrls(['rabbitmq=amqp://guest:guest@h'], NAMES, {})).toEqual({
    rabbitmq: 'amqp://guest:guest@h',
  });
});

test.each(['rabbitmq', '=amqp://h', 'rabbitmq=', 'rabbitmq=no url', 'amqp://ana:s3cret@h'])(
  '%s is refused, without showing a password',
  (option) => {
    expect(() => givenUrls([option], NAMES, {})).toThrow(expect.objectContaining({ code: 'bad-option' }));
    expect(() => givenUrls([option], NAMES, {})).not.toThrow(/s3cret/);
  },
);
