import { expect, test } from 'vitest';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const REST = { id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' };
const QUEUE = { id: 'queue', title: 'Queue', transport: 'rabbitmq', interaction: 'work-queue' };

function problemsOf(alternative: object, more: object[] = []) {
  const other = { ...REST, id: 'other', title: 'Other', alternative };
  const given = { name: 'it', title: 'It', patterns: [REST, QUEUE, other, ...more] };
  const { error, data } = scenarioSchema.safeParse(given);
  return (
    error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? data!.patterns[2]!.alternative
  );
}

test('an alternative is of a pattern with the same transport and interaction, by another library unless said otherwise', () => {
  expect(problemsOf({ to: 'rest' })).toEqual({ to: 'rest', by: 'library' });
});

test.each(['queue', 'other', 'nobody', 'third'])('it cannot be one to %s', (to) => {
  const third = { ...REST, id: 'third', title: 'Third', alternative: { to: 'rest' } };
  expect(problemsOf({ to }, [third])).toEqual([
    ['patterns.2.alternative.to', expect.stringMatching(new RegExp(`\\(rest\\), found ${to}$`))],
  ]);
});

test('it is none under variants', () => {
  const other = { ...REST, id: 'other', title: 'Other', alternative: { to: 'rest' } };
  const given = { name: 'it', title: 'It', patterns: [REST, other], variants: [{ id: 'v', title: 'V' }] };
  const { error } = scenarioSchema.safeParse(given);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['patterns.1.alternative']);
});
