import { describe, expect, it, test } from 'vitest';
import { parseIntent } from '../../../src/experiments/live/grammar.ts';

describe('a line of a session', () => {
  test.each([
    ['kill payments', { kind: 'fault', do: 'kill', on: 'payments', options: {} }],
    ['  slow   payments ', { kind: 'fault', do: 'latency', on: 'payments', options: { ms: 500 } }],
    ['slow payments ms=2s', { kind: 'fault', do: 'latency', on: 'payments', options: { ms: 2000 } }],
    ['errors share=0.3', { kind: 'fault', do: 'error', on: undefined, options: { share: 0.3 } }],
    ['load ×3', { kind: 'fault', do: 'load', on: undefined, options: { factor: 3 } }],
    ['policies pay none', { kind: 'policies', edge: 'pay', use: [] }],
    ['policies pay own', { kind: 'policies', edge: 'pay', use: 'own' }],
    ['policies pay retry breaker', { kind: 'policies', edge: 'pay', use: ['retry', 'breaker'] }],
    ['heal all', { kind: 'heal', on: undefined }],
    ['heal payments', { kind: 'heal', on: 'payments' }],
    ['wait 1.5s', { kind: 'wait', ms: 1500 }],
    ['until pay half-open', { kind: 'until', edge: 'pay', state: 'half-open' }],
    ['end', { kind: 'end' }],
  ])('%s', (line, intent) => {
    expect(parseIntent(line)).toEqual(intent);
  });

  test.each([
    ['kil payments', 'There is no action kil. Did you mean kill?'],
    ['constructor', /There is no action constructor/],
    ['wait 5', 'Expected wait TIME, such as wait 2s, found 5'],
    ['until pay shut', 'Expected until EDGE STATE, with a state of opened, half-open, closed'],
    ['policies pay', /Expected policies EDGE STACK/],
    ['slow =5', 'Expected option=value, found =5'],
  ])('%s is refused in one sentence', (line, message) => {
    expect(() => parseIntent(line)).toThrow(message);
  });

  it('is cut before it is repeated', () => {
    expect(() => parseIntent('x'.repeat(1e6))).toThrow(/^There is no action x{40}\. /);
  });
});
