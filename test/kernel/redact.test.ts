import { expect, test } from 'vitest';
import {
  isRedacted,
  redactLocation,
  redactPublicUrl,
  redactUrl,
  shownName,
  withoutUrls,
} from '../../src/kernel/redact.ts';

test('a user and a password are never shown, their host is', () => {
  expect(redactUrl('amqp://ana:s3cret@broker.example:5672/v')).toBe('amqp://***@broker.example:5672/v');
  expect(redactUrl('http://key-of-an-api@h/')).toBe('http://***@h/');
});

test('without one nothing changes but the notation', () => {
  expect(redactUrl('amqp://127.0.0.1:5672/x')).toBe('amqp://127.0.0.1:5672/x');
  expect(redactUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/');
  expect(redactUrl('grpc://127.0.0.1:1/pkg.v1.Service/Method')).toBe(
    'grpc://127.0.0.1:1/pkg.v1.Service/Method',
  );
});

test('a path shows its words, and a query its names', () => {
  expect(redactUrl('http://h/api/v2/users/42?rate=5&a=&b')).toBe('http://h/api/v2/users/42?rate=***&a=&***');
  expect(redactUrl('http://h/services/T0G9QX71B/aB3dE5fG7')).toBe('http://h/services/***/***');
  expect(redactLocation('/x?api_key=abc&t={{env T}}')).toBe('/x?api_key=***&t={{env T}}');
});

test('of a text that is no URL its length alone is shown', () => {
  for (const text of [
    'rabbitmq=//ana:s3cret@host:port',
    'ana:s3cret@host',
    'http://ana:s3/cret@h',
    's3cret',
  ]) {
    expect(redactUrl(text)).toBe(`a text of ${text.length} characters`);
  }
});

test('a URL of a package shows its path, and neither user nor query', () => {
  expect(redactPublicUrl('https://u:p@mirror/kafka_2.13/4.4.0/a.jar?key=s3cret')).toBe(
    'https://***@mirror/kafka_2.13/4.4.0/a.jar?key=***',
  );
  expect(redactPublicUrl('u:s3cret')).toBe('a text of 8 characters');
});

test('URLs in a text are shown as they may be', () => {
  expect(withoutUrls('cannot reach amqp://me:s3cret@h:1/v, try http://h/a?k=s3cret')).toBe(
    'cannot reach amqp://***@h:1/v, try http://h/a?k=***',
  );
  expect(withoutUrls('read ECONNRESET')).toBe('read ECONNRESET');
});

test('what lost a part is known', () => {
  expect(isRedacted(redactUrl('http://h/?a=b'))).toBe(true);
  expect(isRedacted(redactUrl('http://h/a'))).toBe(false);
});

test('a name is shown where it is one', () => {
  expect(shownName('rabbitmq')).toBe('rabbitmq');
  expect(shownName('amqp://u:p@h')).toBe('a text of 12 characters');
});
