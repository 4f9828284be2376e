import { expect, it } from 'vitest';
import type { Contract, Operation } from '../../src/kernel/contract.ts';
import { createMessages } from '../../src/generator/messages.ts';
import { users } from '../../src/contracts/users.ts';

const operation = (name: string): Operation => ({
  effect: 'read',
  request: (seed, index) => ({ name, seed, index }),
  check: () => undefined,
});
const contract: Contract = {
  name: 'three',
  operations: { a: operation('a'), b: operation('b'), c: operation('c') },
  implement: () => () => ({ kind: 'done', body: null }),
};
const plan = {
  trial: 1,
  seed: 5,
  keys: 4,
  address: { url: 'http://127.0.0.1:1' },
  mix: [
    { operation: 'a', share: 6 },
    { operation: 'b', share: 3 },
    { operation: 'c', share: 1 },
  ],
};

it('the mix is drawn with its weights, and an arrival always asks the same', () => {
  const messages = createMessages(plan, contract);
  const n = 20_000;
  const counts = { a: 0, b: 0, c: 0 };
  for (let i = 0; i < n; i++) counts[messages.of('measured', i, 0).operation as 'a']++;
  for (const [name, share] of [
    ['a', 0.6],
    ['b', 0.3],
    ['c', 0.1],
  ] as const) {
    expect(Math.abs(counts[name] / n - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
  }
  const again = createMessages(plan, contract);
  for (let i = 99; i >= 0; i--) expect(again.of('measured', i, 7)).toEqual(messages.of('measured', i, 7));
});

it('keys are spread over all of them', () => {
  const messages = createMessages(plan, contract);
  const keys = new Set(Array.from({ length: 200 }, (_, i) => messages.of('measured', i, 0).envelope.key));
  expect([...keys].toSorted()).toEqual([0, 1, 2, 3]);
});

it('a reply is held against its contract, but not that of an endpoint of the user’s own', () => {
  const mix = [{ operation: 'createUser', share: 1 }];
  const reply = { kind: 'reply', body: { id: '' }, waitedNs: 5 } as const;
  const ours = createMessages({ ...plan, mix }, users);
  const broken = ours.check(ours.of('measured', 0, 0), reply);
  expect(broken).toMatchObject({ kind: 'failure', outcome: 'contract-broken', noEffect: false, waitedNs: 5 });
  const theirs = createMessages({ ...plan, mix, address: { ...plan.address, path: '/x' } }, users);
  expect(theirs.check(theirs.of('measured', 0, 0), reply)).toBe(reply);
});
