import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractByName, operationByName } from '../../src/contracts/contracts.ts';
import { MAX_USERS, type User, users } from '../../src/contracts/users.ts';
import type { Envelope } from '../../src/kernel/envelope.ts';

const envelope: Envelope = { trial: 1, stage: 'measured', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 };

function created(implementation: ReturnType<typeof users.implement>, body: unknown): User {
  const handled = implementation('createUser', body, envelope);
  expect(handled.kind).toBe('done');
  return (handled as { body: unknown }).body as User;
}

describe('every contract', () => {
  it.each(['users', 'echo', 'echo-16', 'echo-4096', 'null'])('%s keeps itself', (name) => {
    const contract = contractByName(name);
    const implementation = contract.implement();
    for (const [operationName, operation] of Object.entries(contract.operations)) {
      fc.assert(
        fc.property(fc.nat(), fc.nat(10_000_000), (seed, index) => {
          const request = operation.request(seed, index);
          expect(operation.request(seed, index)).toEqual(request);
          const handled = implementation(operationName, structuredClone(request), envelope);
          expect(handled.kind).toBe('done');
          expect(
            operation.check(request, structuredClone((handled as { body: unknown }).body)),
          ).toBeUndefined();
        }),
      );
      expect(operation.check(operation.request(1, 1), null)).toEqual(expect.any(String));
    }
  });

  it('is found by name, with the nearest match for a mistyped one', () => {
    expect(() => contractByName('user')).toThrow(
      expect.objectContaining({ code: 'bad-scenario', hint: 'Did you mean users?' }),
    );
    expect(() => contractByName('echo-3')).toThrow(/16 to 524288 bytes, found 3/);
    expect(() => operationByName(users, 'createUsr')).toThrow(
      expect.objectContaining({ hint: 'Did you mean createUser?' }),
    );
    expect(() => operationByName(users, 'toString')).toThrow(/Expected an operation of users/);
  });
});

describe('users', () => {
  const request = { email: 'ada@example.com', name: 'Ada' };

  it('gives every user an id of its own, even for the same request', () => {
    const implementation = users.implement();
    const ids = Array.from({ length: 1000 }, () => created(implementation, request).id);
    expect(new Set(ids).size).toBe(1000);
  });

  it('goes on creating past its bound', () => {
    const implementation = users.implement();
    for (let i = 0; i <= MAX_USERS; i++) created(implementation, request);
    expect(created(implementation, request).email).toBe(request.email);
  });

  it.each([
    ['no object', 'x'],
    ['null', null],
    ['no email', { name: 'Ada' }],
    ['an email that is none', { email: 'ada', name: 'Ada' }],
    ['no name', { email: 'ada@example.com', name: '' }],
    ['a name too long', { email: 'ada@example.com', name: 'a'.repeat(101) }],
  ])('refuses %s without effect', (_what, body) => {
    expect(users.implement()('createUser', body, envelope)).toMatchObject({
      kind: 'failed',
      status: 'bad-request',
      noEffect: true,
    });
  });

  it('refuses an operation that it does not have', () => {
    expect(users.implement()('dropUsers', request, envelope)).toMatchObject({
      kind: 'failed',
      noEffect: true,
    });
  });

  it.each([
    ['another email', { email: 'eve@example.com' }],
    ['another name', { name: 'Eve' }],
    ['an empty id', { id: '' }],
    ['a status that a new user cannot have', { status: 'SUSPENDED' }],
    ['a time that is none', { created_at: 'now' }],
  ])('notices a reply with %s', (_what, change) => {
    const reply = created(users.implement(), request);
    const operation = operationByName(users, 'createUser');
    expect(operation.check(request, reply)).toBeUndefined();
    expect(operation.check(request, { ...reply, ...change })).toMatch(/^Expected/);
  });
});

describe('echo', () => {
  it('has exactly the size asked for, and notices another arrival’s payload', () => {
    const operation = operationByName(contractByName('echo-1024'), 'echo');
    const first = operation.request(7, 1) as { payload: string };
    expect(Buffer.byteLength(first.payload)).toBe(1024);
    expect(operation.check(first, operation.request(7, 2))).toMatch(/found 1024 others/);
    expect(operation.check(first, {})).toMatch(/found none/);
  });
});
