import { describe, expect, test } from 'vitest';
import { streamProblems, versionProblems } from '../../../src/scenario/rules/contract-rules.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const STREAM = [{ operation: 'streamUserEvents' }];
const pattern = (id: string, interaction: string, more = {}) => {
  return { id, title: id, transport: 'grpc', interaction, ...more };
};

function problems(patterns: readonly object[], more = {}): string[] {
  const scenario = scenarioSchema.parse({ name: 'test', title: 'Test', patterns, ...more });
  return streamProblems(scenario).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('a stream is asked of a pattern that streams, anything else of the others', () => {
  const both = [pattern('s', 'server-stream', { mix: STREAM }), pattern('r', 'request-reply')];
  expect(problems(both)).toEqual([]);
  expect(
    problems([pattern('r', 'request-reply')], { contract: 'echo', mix: [{ operation: 'echo' }] }),
  ).toEqual([]);
});

test('where they do not meet it is said of the mix that is wrong, once', () => {
  expect(problems([pattern('s', 'server-stream')])).toEqual([
    'mix: The pattern s is server-stream and needs operations that stream, found createUser',
  ]);
  const asked = [
    pattern('r', 'request-reply', { mix: STREAM }),
    pattern('s', 'server-stream', { mix: STREAM }),
  ];
  expect(problems(asked)).toEqual([
    'patterns.0.mix: The pattern r is request-reply and needs operations with a single reply, found streamUserEvents',
  ]);
});

test('streams are not mixed with anything else', () => {
  const mix = [...STREAM, { operation: 'createUser' }];
  const found = problems([pattern('s', 'server-stream'), pattern('r', 'request-reply')], { mix });
  expect(found).toEqual([
    'mix: The operations of a mix must all stream alike, or none may stream: streamUserEvents, createUser',
  ]);
});

test('a variant is assessed by what it changes', () => {
  const variants = [{ id: 'v', title: 'V', mix: STREAM }];
  expect(problems([pattern('r', 'request-reply')], { variants })).toEqual([
    'variants.0.mix: The pattern r is request-reply and needs operations with a single reply, found streamUserEvents',
  ]);
});

describe('a version of the contract', () => {
  const served = (more: object): string[] => {
    const patterns = [pattern('r', 'request-reply')];
    const scenario = scenarioSchema.parse({ name: 'test', title: 'Test', patterns, ...more });
    return versionProblems(scenario).map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  test('is one that the contract has, for the scenario and for its variants', () => {
    expect(served({ service: { contractVersion: 'renamed' } })).toEqual([]);
    const variants = [{ id: 'v', title: 'V', service: { contractVersion: 'renmed' } }];
    expect(served({ service: { contractVersion: 'addd' }, variants })).toEqual([
      'service.contractVersion: Expected a version of the contract users, found addd. Did you mean added?',
      'variants.0.service.contractVersion: Expected a version of the contract users, found renmed. Did you mean renamed?',
    ]);
    const echo = { contract: 'echo', mix: [{ operation: 'echo' }], service: { contractVersion: 'added' } };
    expect(served(echo)).toEqual([
      'service.contractVersion: Expected a version of the contract echo-256, found added. The contract echo-256 has no other version.',
    ]);
  });

  test('is served by a single service of ours', () => {
    const service = { contractVersion: 'added' };
    expect(served({ service, services: [{ id: 'a' }] })).toEqual([
      'service.contractVersion: A version of the contract is served by a single service: leave out `services`',
    ]);
    expect(served({ service, targets: { r: { url: 'http://127.0.0.1:1' } } })).toEqual([
      'service.contractVersion: A version of the contract is served by services of commbench: leave out `targets`',
    ]);
  });
});
