import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapedJson, visible, visibleBlock, visibleIn } from '../../../src/kernel/foreign/visible.ts';

describe('what steers a terminal or hides text is shown in its place', () => {
  test.each([
    ['a title of the terminal', '\u001B]0;x\u0007', '␛]0;x␇'],
    ['the same in one byte', '\u009D0;x\u009C', '<U+009D>0;x<U+009C>'],
    ['a carriage return, by which a line is overwritten', 'bad\rgood', 'bad␍good'],
    ['NUL and DEL', '\u0000\u007F', '␀␡'],
    ['text from right to left', 'a\u202Eb\u2066c\u2069', 'a<U+202E>b<U+2066>c<U+2069>'],
    ['no width', 'a\u200Bb\u2060c\uFEFFd\u00AD', 'a<U+200B>b<U+2060>c<U+FEFF>d<U+00AD>'],
    ['tags', 'a\u{E0041}', 'a<U+E0041>'],
    ['a half of a character', '\uD800', '<U+D800>'],
    ['line separators', 'a\u2028b', 'a<U+2028>b'],
  ])('%s', (_what, text, shown) => expect(visible(text)).toBe(shown));

  test('all else stays: line breaks, accents, emoji, scripts, our own marks', () => {
    const text = 'a\nb – é 漢字 👨‍👩‍👧 العربية ¹\u00A0² ± → ✓';
    expect(visible(text)).toBe(text);
    expect(visible('a\r\nb\tc')).toBe('a\nb c');
  });
});

describe('what a CI runner takes for a command is none', () => {
  test.each([
    ['::error::x', ': :error::x'],
    ['line\n  ::stop-commands::x', 'line\n  : :stop-commands::x'],
    // A line may be broken at any space.
    ['long ::set-output name=a::b', 'long : :set-output name=a::b'],
    ['x##[error]y', 'x## [error]y'],
  ])('%j', (text, shown) => expect(visible(text)).toBe(shown));
  test('colons inside of words stay', () =>
    expect(visible('http://[::1]:80 a::b')).toBe('http://[::1]:80 a::b'));
});

test('a further line of a message never looks like another message', () => {
  expect(visibleBlock('a\ncommbench: all is well\n  b')).toBe('a\n  commbench: all is well\n  b');
});

test('every text in a value, keys too; a value without such texts stays the same object', () => {
  const value = { 'a\u001B': ['\u0007', { b: 1, c: null }], same: { d: 'e' } };
  const shown = visibleIn(value) as unknown as { same: object };
  expect(shown).toEqual({ 'a␛': ['␇', { b: 1, c: null }], same: { d: 'e' } });
  expect(shown.same).toBe(value.same);
  expect(visibleIn(value.same)).toBe(value.same);
});

test('JSON keeps the data, and steers nothing', () => {
  const text = fc.string({ unit: 'binary', maxLength: 5 });
  fc.assert(
    fc.property(fc.dictionary(text, text, { maxKeys: 3 }), (value) => {
      const written = escapedJson({ value, '##[error]': '\u202E\u{E0041}' });
      // oxlint-disable-next-line no-control-regex -- none may be there
      expect(written).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]|##\[/);
      expect(JSON.parse(written)).toEqual({ value, '##[error]': '\u202E\u{E0041}' });
    }),
    { numRuns: 50 },
  );
});
