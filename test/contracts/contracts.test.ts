import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractByName, operationByName } from '../../src/contracts/contracts.ts';
import { users } from '../../src/contracts/users.ts';
import type { StreamPlan } from '../../src/kernel/contract.ts';
import type { Envelope } from '../../src/kernel/envelope.ts';

const envelope: Envelope = { trial: 1, stage: 'measured', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 };

describe('every contract', () => {
  it.each(['users', 'echo', 'echo-16', 'echo-4096', 'null'])('%s keeps itself', (name) => {
    const contract = contractByName(name);
    for (const [operationName, operation] of Object.entries(contract.operations)) {
      fc.assert(
        fc.property(fc.nat(), fc.nat(10_000_000), (seed, index) => {
          const request = operation.request(seed, index);
          expect(operation.request(seed, index)).toEqual(request);
          const handled = contract.implement()(operationName, overTheWire(request), envelope);
          expect(handled).toHaveProperty('body');
          const { body } = handled as { body: unknown };
          const reply = operation.stream ? (body as StreamPlan).items : body;
          expect(operation.check(request, overTheWire(reply))).toBeUndefined();
        }),
      );
      expect(operation.check(operation.request(1, 1), null)).toEqual(expect.any(String));
    }
  });

  it('is found by name, with the nearest match for a mistyped one', () => {
    expect(() => contractByName('user')).toThrow(
      expect.objectContaining({ code: 'bad-scenario', hint: 'Did you mean users?' }),
    );
    expect(() => contractByName('echo-3')).toThrow(/16 to 1048576 bytes, found 3/);
    expect(() => operationByName(users, 'createUsr')).toThrow(
      expect.objectContaining({ hint: 'Did you mean createUser?' }),
    );
    expect(() => operationByName(users, 'toString')).toThrow(/Expected an operation of users/);
  });
});

describe('echo', () => {
  it('goes up to 1 MiB', () => {
    const operation = operationByName(contractByName('echo-1048576'), 'echo');
    expect(operation.request(7, 1)).toEqual({ payload: expect.stringMatching(/^.{1048576}$/) });
    expect(() => contractByName('echo-1048577')).toThrow(/found 1048577/);
  });

  it('has exactly the size asked for, and notices another arrival’s payload', () => {
    const operation = operationByName(contractByName('echo-1024'), 'echo');
    const first = operation.request(7, 1) as { payload: string };
    expect(Buffer.byteLength(first.payload)).toBe(1024);
    expect(operation.check(first, operation.request(7, 2))).toMatch(/found 1024 others/);
    expect(operation.check(first, {})).toMatch(/found none/);
  });
});

function overTheWire(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}
