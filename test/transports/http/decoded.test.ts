import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodedBody } from '../../../src/transports/http/decoded.ts';

const WORDS = '{"state":"ok"}';
const TEXT = Buffer.from(WORDS);
const LIMIT = 1000;

test.each([
  ['gzip', gzipSync(TEXT)],
  ['x-gzip', gzipSync(TEXT)],
  ['GZIP', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['deflate', deflateRawSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
  ['identity', TEXT],
  ['deflate, gzip', gzipSync(deflateSync(TEXT))],
])('content-encoding %s', (encoding, body) => {
  expect(String(decodedBody(body, { 'content-encoding': encoding }, LIMIT))).toBe(WORDS);
});

test.each([
  ['UTF-8', Buffer.from(`\ufeff${WORDS}`)],
  ['UTF-16LE', Buffer.from(`\ufeff${WORDS}`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`\ufeff${WORDS}`, 'utf16le').swap16()],
])('byte order mark of %s', (_name, body) => {
  expect(decodedBody(body, {}, LIMIT)).toEqual(TEXT);
  expect(decodedBody(gzipSync(body), { 'content-encoding': 'gzip' }, LIMIT)).toEqual(TEXT);
});

test.each([
  ['compress', TEXT, 'Expected gzip, deflate, br or zstd as content-encoding, found compress'],
  ['gzip', TEXT, 'Expected a body in the content-encoding gzip, found incorrect header check'],
  ['gzip', gzipSync(Buffer.alloc(LIMIT + 1)), 'Expected a body of at most 1000 bytes'],
])('what cannot be decoded is named (%s)', (encoding, body, message) => {
  expect(decodedBody(body, { 'content-encoding': encoding }, LIMIT)).toBe(message);
});

test('a body that was not read needs no decoding', () => {
  expect(decodedBody(Buffer.alloc(0), { 'content-encoding': 'gzip' }, LIMIT)).toEqual(Buffer.alloc(0));
});
