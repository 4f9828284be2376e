import type { Contract } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';

/**
 * A call to a target of the user's own, whose body its connection makes from the scenario's templates. A reply that
 * passed the target's success rule satisfies the contract.
 */
export const target: Contract = {
  name: 'target',
  operations: { call: { effect: 'write', request: () => null, check: () => undefined } },
  implement: () => {
    throw new CommbenchError('defect', 'The contract of a target is served by the target alone');
  },
};

export const TARGET_MIX = [{ operation: 'call', share: 1 }];
