import { expect, test } from 'vitest';
import { styled } from '../../../src/commands/init-from/openapi/styles.ts';

// The table of the specification: OpenAPI 3.1.1, 4.8.12.5 "Style Examples".
const VALUES = {
  text: 'blue',
  list: ['blue', 'black', 'brown'],
  object: { R: 100, G: 200, B: 150 },
} as const;
test.each<[string, boolean, string, string, string]>([
  ['matrix', false, ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
  ['matrix', true, ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
  ['label', false, '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
  ['label', true, '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
  ['simple', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['simple', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['form', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['form', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
])('%s, explode %s', (style, explode, text, list, object) => {
  const how = { style, explode, allowReserved: false };
  expect(styled('color', VALUES.text, how)).toBe(text);
  expect(styled('color', VALUES.list, how)).toBe(list);
  expect(styled('color', VALUES.object, how)).toBe(object);
});

test.each([
  ['spaceDelimited', 'color=blue%20black%20brown', 'color=R%20100%20G%20200%20B%20150'],
  ['pipeDelimited', 'color=blue%7Cblack%7Cbrown', 'color=R%7C100%7CG%7C200%7CB%7C150'],
])('%s', (style, list, object) => {
  const how = { style, explode: false, allowReserved: false };
  expect(styled('color', VALUES.list, how)).toBe(list);
  expect(styled('color', VALUES.object, how)).toBe(object);
});

test('deepObject, within objects and lists too', () => {
  const how = { style: 'deepObject', explode: true, allowReserved: false };
  expect(styled('color', VALUES.object, how)).toBe('color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150');
  expect(styled('f', { a: { b: 'x' }, c: [1, 2] }, how)).toBe('f%5Ba%5D%5Bb%5D=x&f%5Bc%5D=1&f%5Bc%5D=2');
});

test('cookies of an object are several', () => {
  expect(styled('c', VALUES.object, { style: 'cookie', explode: true, allowReserved: false })).toBe(
    'R=100; G=200; B=150',
  );
});

test('what is reserved is encoded unless it is allowed; holes are left as they are', () => {
  const form = { style: 'form', explode: true, allowReserved: false };
  expect(styled('q&', 'a/b c&{{uuid}}', form)).toBe('q%26=a%2Fb%20c%26{{uuid}}');
  expect(styled('q', 'a/b c&{{uuid}}', { ...form, allowReserved: true })).toBe('q=a/b%20c%26{{uuid}}');
});

test('an empty matrix is its name alone, an empty list nothing', () => {
  expect(styled('color', '', { style: 'matrix', explode: false, allowReserved: false })).toBe(';color');
  expect(styled('color', [], { style: 'form', explode: true, allowReserved: false })).toBe('');
});
