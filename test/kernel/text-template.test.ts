import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Envelope } from '../../src/kernel/envelope.ts';
import {
  HOLES,
  parseBody,
  parseJson,
  parseText,
  parseValue,
  templateProblems,
  withEnvironment,
  withTaken,
} from '../../src/kernel/text-template.ts';

const at = (sequence: number, more: Partial<Envelope> = {}): Envelope => {
  return { trial: 3, stage: 'measured', sequence, attempt: 1, key: 7, deadlineNs: 0, ...more };
};
const hole = fc.constantFrom('{{sequence}}', '{{key}}', '{{id}}', '{{ uuid }}', '{{random -3 12}}');
const plain = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
const text = fc.array(fc.oneof(plain, hole), { maxLength: 4 }).map((parts) => parts.join(''));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(plain, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const envelope = fc
  .record({
    sequence: fc.nat(),
    trial: fc.nat(500),
    stage: fc.constantFrom('measured', 'warm-up', 'steady-state'),
  })
  .map(({ sequence, ...more }) => at(sequence, more as Partial<Envelope>));

test('JSON made by joining is the JSON of the value that was filled, whatever it is', () => {
  fc.assert(
    fc.property(json, envelope, fc.nat(), (value, one, seed) => {
      const filled = JSON.parse(parseJson(value, seed)(one)) as unknown;
      expect(filled).toEqual(JSON.parse(JSON.stringify(parseValue(value, seed)(one))));
    }),
  );
});

test('an arrival says the same each time, in whatever order arrivals are asked', () => {
  fc.assert(
    fc.property(text, fc.array(envelope, { minLength: 1, maxLength: 10 }), fc.nat(), (source, all, seed) => {
      const once = parseText(source, seed);
      const again = parseText(source, seed);
      const backwards = all.toReversed().map(again).toReversed();
      expect(all.map(once)).toEqual(backwards);
    }),
  );
});

test('a text without holes is left as it is, and a body that is a text is no JSON', () => {
  fc.assert(
    fc.property(plain, (source) => {
      expect(parseBody(source, 1)(at(0))).toBe(source);
    }),
  );
});

test('a hole that is all of a text keeps its kind; among others it is text', () => {
  const value = { n: '{{sequence}}', s: 'no. {{sequence}}', k: ['{{key}}'] };
  expect(parseValue(value, 1)(at(5))).toEqual({ n: 5, s: 'no. 5', k: [7] });
});

test('random numbers stay within their bounds and reach both ends; UUIDs are version 4 and differ', () => {
  const die = parseValue('{{random 1 6}}', 9);
  const rolls = Array.from({ length: 600 }, (_, i) => die(at(i)));
  expect(new Set(rolls)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  const uuid = parseText('{{uuid}}', 9);
  const drawn = Array.from({ length: 2000 }, (_, i) => uuid(at(i)));
  for (const one of drawn)
    expect(one).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('seed, trial, stage, and the place in the text each change what is drawn', () => {
  const one = parseText('{{uuid}}', 9);
  const drawn = [
    one(at(1)),
    one(at(1, { trial: 4 })),
    one(at(1, { stage: 'warm-up' })),
    parseText('{{uuid}}', 10)(at(1)),
    parseText('a{{uuid}}', 9)(at(1)).slice(1),
    parseText('{{uuid}}', 9, 'headers.x')(at(1)),
  ];
  expect(new Set(drawn).size).toBe(drawn.length);
});

test.each([
  ['{{sequnce}}', 'Did you mean sequence?'],
  ['{{random 1}}', 'Expected {{random FROM TO}}'],
  ['{{random 9 1}}', 'the smaller one first'],
  ['{{random 0 4294967296}}', 'less than 2^32 apart'],
  ['{{key 1}}', 'Expected {{key}}, found {{key 1}}'],
  ['{{env}}', 'Expected {{env NAME}}'],
])('%s is told with its place', (source, message) => {
  expect(templateProblems({ a: [{ b: `x ${source}` }] })).toEqual([
    { path: ['a', 0, 'b'], message: expect.stringContaining(message) as string },
  ]);
  expect(() => parseText(source, 1)).toThrow();
});

test('every hole that is described is one', () => {
  const sample: Record<string, string> = { 'random FROM TO': 'random 1 2', 'env NAME': 'env HOME' };
  for (const name of Object.keys(HOLES)) expect(templateProblems(`{{${sample[name] ?? name}}}`)).toEqual([]);
});

test('variables of the environment are put in everywhere, and a missing one is told', () => {
  const value = { headers: { authorization: 'Bearer {{env TOKEN}}' }, list: ['{{env TOKEN}}', '{{key}}', 1] };
  expect(withEnvironment(value, { TOKEN: 't' })).toEqual({
    headers: { authorization: 'Bearer t' },
    list: ['t', '{{key}}', 1],
  });
  expect(() => withEnvironment(value, {})).toThrow('The environment variable TOKEN is not set');
});

test('a value of an earlier answer is kept as it is, and is text within a text', () => {
  const template = withTaken({ a: '{{order}}', b: ['x{{ order }}/{{list}}'], c: '{{sequence}}' }, [
    'order',
    'list',
  ]);
  const taken = { order: 7, list: [1, 'é'] };
  const filled = { a: 7, b: ['x7/[1,"é"]'], c: 5 };
  expect(parseValue(template, 1)(at(5, { taken }))).toEqual(filled);
  expect(JSON.parse(parseJson(template, 1)(at(5, { taken })))).toEqual(filled);
  expect(parseText(template.b[0]!, 1)(at(5, { taken: { order: 'q"', list: true } }))).toBe('xq"/true');
});

test('only what an earlier answer gave has a hole of its own', () => {
  expect(templateProblems('{{order}}', ['order'])).toEqual([]);
  expect(templateProblems('{{ordr}}', ['order'])[0]!.message).toMatch(
    /^Expected one of \{\{order\}\}, .* Did you mean order\?/,
  );
  expect(templateProblems('{{order 1}}', ['order']).length).toBe(1);
  expect(templateProblems('{{order}}').length).toBe(1);
  expect(withTaken('{{key}} {{order}}', [])).toBe('{{key}} {{order}}');
});
