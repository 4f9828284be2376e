import { expect, test } from 'vitest';
import { successSchema, successText, successVerdictOf } from '../../../src/transports/http/success.ts';

const assess = (rule: object, status: number, body = '', headers = {}) => {
  const answer = { status, headers, chunks: [], waitedNs: 7 };
  const result = successVerdictOf(successSchema.parse(rule)).of(answer, Buffer.from(body));
  return result.kind === 'failure' ? `${result.outcome}: ${result.detail}` : result.kind;
};

test.each<[string, object, number, string, string]>([
  ['any 2xx', {}, 204, '', 'reply'],
  ['no 2xx', {}, 301, '', 'error: HTTP 301; success.status requires 2xx'],
  ['one status', { status: 201 }, 200, '', 'error: HTTP 200; success.status requires 201'],
  ['a list', { status: [404, '2xx'] }, 404, '', 'reply'],
  ['text that is there', { contains: 'é"' }, 200, 'caf\u00e9"', 'reply'],
  [
    'text that is not',
    { contains: 'x' },
    200,
    'abc',
    'contract-broken: Expected an answer with the text of success.contains',
  ],
  ['fields', { equals: { 'a.0.b': 1, c: null } }, 200, '{"a":[{"b":1}],"c":null}', 'reply'],
  [
    'another value',
    { equals: { a: 1 } },
    200,
    '{"a":"1"}',
    'contract-broken: Expected a as in success.equals, found another string',
  ],
  [
    'no such field',
    { equals: { a: 1 } },
    200,
    '{}',
    'contract-broken: Expected a as in success.equals, found nothing',
  ],
  [
    'no own field',
    { equals: { 'constructor.name': 'Object' } },
    200,
    '{}',
    'contract-broken: Expected constructor.name as in success.equals, found nothing',
  ],
  ['no JSON', { equals: { a: 1 } }, 200, '<html>', 'contract-broken: Expected JSON'],
  ['the status first', { contains: 'x' }, 500, 'abc', 'error: HTTP 500; success.status requires 2xx'],
])('%s', (_name, rule, status, body, expected) => {
  expect(assess(rule, status, body)).toBe(expected);
});

test('a redirect is named as one, without what may be a secret', () => {
  const location = 'https://ana:s3cret@shop.example/login?token=s3cret#top';
  expect(assess({ status: [200, '4xx'] }, 302, '', { location })).toBe(
    'error: HTTP 302, a redirect to https://***@shop.example/login; success.status requires 200 or 4xx',
  );
});

test('a body is kept only where it is looked at, and the rule is told in words', () => {
  expect(successVerdictOf(successSchema.parse({ status: 200 })).needsBody).toBe(false);
  expect(successVerdictOf(successSchema.parse({ contains: 'x' })).needsBody).toBe(true);
  expect(successText(successSchema.parse({ status: [200, '3xx'], contains: 'x', equals: { a: 1 } }))).toBe(
    'an answer of HTTP 200 or 3xx, whose body contains "x", with a 1',
  );
});

test('a reply from which later requests take values has its body and its headers', () => {
  const verdict = successVerdictOf(successSchema.parse({}), true);
  expect(verdict.needsBody).toBe(true);
  const headers = { Location: '/a', 'set-cookie': ['a=1', 'b=2'], none: undefined };
  const answer = { status: 201, chunks: [], headers, waitedNs: 7 };
  const reply = { kind: 'reply', status: 201, waitedNs: 7, headers: { location: '/a', 'set-cookie': 'a=1' } };
  expect(verdict.of(answer, Buffer.from('{"id":1}'))).toEqual({ ...reply, body: { id: 1 } });
  expect(verdict.of(answer, Buffer.from('no JSON'))).toEqual({ ...reply, body: undefined });
});
