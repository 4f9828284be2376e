import type { Contract, Operation, StreamShape } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';

/** The operation of a target that has no `operations`. */
export const TARGET_OPERATION = 'call';
export const TARGET_MIX = [{ operation: TARGET_OPERATION, share: 1 }];

/**
 * A call to a target of the user's own, whose body its connection makes from the scenario's templates. A reply that
 * passed the target's success rule satisfies the contract; a stream must have all of its items too.
 */
export function targetContract(stream?: StreamShape): Contract {
  const check: Operation['check'] = (_request, reply) => {
    const found = (reply as readonly unknown[]).length;
    return found === stream!.items ? undefined : `Expected ${stream!.items} items, found ${found}`;
  };
  const any: Operation = { effect: 'write', request: () => null, check: () => undefined };
  return {
    name: 'target',
    operations: {},
    any: stream ? { ...any, stream, check } : any,
    implement: () => {
      throw new CommbenchError('defect', 'The contract of a target is served by the target alone');
    },
  };
}

/** The value at a path of keys and indices in an answer; undefined: nothing. */
export function replyValueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as never)[key] : undefined;
  }, value);
}
