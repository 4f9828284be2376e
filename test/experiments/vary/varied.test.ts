import { expect, test } from 'vitest';
import { variedOf } from '../../../src/experiments/vary/varied.ts';

test('a range is evenly spaced on a logarithmic scale; whole numbers between whole ends', () => {
  expect(variedOf('policies.breaker.0.openMs=100..5000')).toEqual({
    path: 'policies.breaker.0.openMs',
    values: [100, 219, 478, 1050, 2290, 5000],
  });
  expect(variedOf('a.b=1..4', 6).values).toEqual([1, 2, 3, 4]);
  expect(variedOf('a.b=0.1..0.9', 3).values).toEqual([0.1, 0.3, 0.9]);
});

test('a list is taken as it is, in order and once', () => {
  expect(variedOf('service.concurrency=20, 5,10,5')).toEqual({
    path: 'service.concurrency',
    values: [5, 10, 20],
  });
});

test.each([
  ['openMs', 'Expected PATH=FROM..TO'],
  ['a.b=5..5', 'Expected PATH=FROM..TO'],
  ['a.b=0..5', 'Expected PATH=FROM..TO'],
  ['a.b=1,x', 'Expected PATH=FROM..TO'],
  ['a.b=', 'Expected PATH=FROM..TO'],
  ['a.b=3', 'Expected 2 to 20 different values, found 1'],
  [`a.b=${Array.from({ length: 21 }, (_, i) => i).join(',')}`, 'Expected 2 to 20 different values, found 21'],
])('%s is refused', (text, message) => {
  expect(() => variedOf(text)).toThrow(message);
});
