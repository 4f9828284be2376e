import { expect, test } from 'vitest';
import { redactUrl } from '../../src/kernel/redact.ts';

test('a password is never shown, its user and host are', () => {
  expect(redactUrl('amqp://ana:s3cret@broker.example:5672/v')).toBe('amqp://ana:***@broker.example:5672/v');
});

test('without a password nothing changes but the notation', () => {
  expect(redactUrl('amqp://127.0.0.1:5672/x')).toBe('amqp://127.0.0.1:5672/x');
});

test('query values that name a secret are hidden, others stay', () => {
  expect(redactUrl('http://h/p?access_token=abc&rate=5')).toBe('http://h/p?access_token=***&rate=5');
});

test('text that is no URL keeps nothing that could be credentials', () => {
  expect(redactUrl('rabbitmq=//ana:s3cret@host:port')).toBe('rabbitmq=//***@host:port');
});
