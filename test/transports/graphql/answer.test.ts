import { buildSchema, specifiedRules } from 'graphql';
import { expect, it } from 'vitest';
import { NOT_JSON } from '../../../src/transports/http/dialect.ts';
import { createDocumentCache } from '../../../src/transports/graphql/document-cache.ts';
import { readAnswer } from '../../../src/transports/graphql/read-answer.ts';

const read = (status: number, body: unknown) =>
  readAnswer({ field: 'user', asked: undefined }, status, body, 7);
const error = (code: string, effect: string) => ({ message: code, extensions: { code, effect } });
const user = { id: 'u-1' };

it.each([
  ['an answer', 200, { data: { user } }, { kind: 'reply', body: user }],
  ['no errors at all, listed', 200, { data: { user }, errors: [] }, { kind: 'reply', body: user }],
  [
    'an error beside all of the data',
    200,
    { data: { user }, errors: [error('NOT_FOUND', 'none')] },
    { outcome: 'error', status: 404, noEffect: true },
  ],
  [
    'two errors of which one promises nothing',
    200,
    { data: null, errors: [error('NOT_FOUND', 'none'), error('INTERNAL', 'unknown')] },
    { outcome: 'error', status: 404, noEffect: false },
  ],
  [
    'an error without a code',
    200,
    { data: null, errors: [{ message: 'Cannot return null' }] },
    { outcome: 'contract-broken', noEffect: false, detail: 'Cannot return null' },
  ],
  ['an error that is nothing', 200, { errors: [null] }, { outcome: 'contract-broken', noEffect: false }],
  ['another field', 200, { data: { users: [] } }, { outcome: 'contract-broken', noEffect: false }],
  ['no data', 200, { data: null }, { outcome: 'contract-broken', noEffect: false }],
  ['no object', 200, 'user', { outcome: 'contract-broken', noEffect: false }],
  ['no JSON', 200, NOT_JSON, { outcome: 'contract-broken', noEffect: false }],
  ['nothing', 200, undefined, { outcome: 'contract-broken', noEffect: false }],
  [
    'a failure of HTTP',
    502,
    NOT_JSON,
    { outcome: 'error', status: 502, noEffect: false, detail: 'HTTP 502' },
  ],
  [
    'a failure of HTTP, in words',
    413,
    { errors: [error('BAD_REQUEST', 'none')] },
    { outcome: 'error', status: 413, noEffect: true },
  ],
  [
    'a failure of HTTP with an unknown code',
    500,
    { errors: [error('THEIRS', 'unknown')] },
    { outcome: 'error', status: 500, noEffect: false },
  ],
])('understands %s', (_what, status, body, expected) => {
  expect(read(status, body)).toMatchObject({ ...expected, waitedNs: 7 });
});

it('parses and validates a document once, and again when it was forgotten', () => {
  const schema = buildSchema('type Query { a: Int b: Int c: Int }');
  const cache = createDocumentCache(2);
  const first = cache.parse('{ a }');
  expect(cache.parse('{ a }')).toBe(first);
  const errors = cache.validate(schema, first, specifiedRules);
  expect(cache.validate(schema, first, specifiedRules)).toBe(errors);
  cache.parse('{ b }');
  expect(cache.parse('{ a }')).toBe(first);
  cache.parse('{ c }');
  expect(cache.parse('{ a }')).not.toBe(first);
});
