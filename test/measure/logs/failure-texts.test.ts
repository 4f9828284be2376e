import { expect, test } from 'vitest';
import { FailureTextBook, mergeFailureTexts } from '../../../src/measure/logs/failure-texts.ts';

const error = (detail: string, status = 500) => ({ outcome: 'error', status, detail }) as const;

test('the first three texts of each kind of failure are kept, each once', () => {
  const book = new FailureTextBook();
  for (const text of ['a', 'b', 'a', 'c', 'd']) book.note(error(text));
  book.note({ outcome: 'connection-lost', status: 0, detail: 'read ECONNRESET' });
  book.note(error('a', 503));
  expect(book.list()).toEqual([
    { end: 'error 500', texts: ['a', 'b', 'c'] },
    { end: 'connection-lost', texts: ['read ECONNRESET'] },
    { end: 'error 503', texts: ['a'] },
  ]);
});

test('a text is short, and has no password of a URL', () => {
  const book = new FailureTextBook();
  book.note(error(`failed at amqp://me:hidden@localhost: ${'x'.repeat(1000)}`));
  const [text] = book.list()[0]!.texts;
  expect(text).not.toContain('hidden');
  expect(text!.length).toBeLessThanOrEqual(160);
});

test('books of several generators are one', () => {
  const merged = mergeFailureTexts([
    [{ end: 'error 500', texts: ['a', 'b'] }],
    [
      { end: 'error 500', texts: ['b', 'c', 'd'] },
      { end: 'timeout', texts: ['late'] },
    ],
  ]);
  expect(merged).toEqual([
    { end: 'error 500', texts: ['a', 'b', 'c'] },
    { end: 'timeout', texts: ['late'] },
  ]);
});
