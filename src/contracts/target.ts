import type { Contract } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';

/**
 * What is said to a target of the user's own: one call, whose body its connection makes from the scenario's templates.
 * What the target's success rule let through holds the contract.
 */
export const target: Contract = {
  name: 'target',
  operations: { call: { effect: 'write', request: () => null, check: () => undefined } },
  implement: () => {
    throw new CommbenchError('defect', 'The contract of a target is served by the target alone');
  },
};

export const TARGET_MIX = [{ operation: 'call', share: 1 }];
