import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapped } from '../../../src/report/text/wrap.ts';

test('lines break at spaces, later ones are indented', () => {
  expect(wrapped('one two three four', 9, '  ')).toBe('one two\n  three\n  four');
  expect(wrapped('  → one two', 8, '    ')).toBe('  → one\n    two');
});

test('a figure and its unit stay together', () => {
  expect(wrapped('served 0.0 % of it', 10, '')).toBe('served\n0.0 % of\nit');
  expect(wrapped('waits for 12 ms, 3 sets', 12, '')).toBe('waits for\n12 ms, 3\nsets');
});

test('a word that is too long stays whole', () => {
  expect(wrapped('a https://example.org/long b', 8, '')).toBe('a\nhttps://example.org/long\nb');
});

test('no word is lost, and every line fits that can', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 14, max: 60 }), (all, width) => {
      const lines = wrapped(all.join(' '), width, '  ').split('\n');
      expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(all);
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }),
  );
});
