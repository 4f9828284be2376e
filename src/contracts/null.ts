import type { Contract, Handled } from '../kernel/contract.ts';

const EMPTY = {};
const DONE: Handled = { kind: 'done', body: EMPTY };

/** Does nothing and answers with nothing: what remains is the transport's own cost, the no-op baseline. */
export const nothing: Contract = {
  name: 'null',
  operations: {
    nothing: {
      effect: 'read',
      request: () => EMPTY,
      check: (_request, reply) =>
        typeof reply === 'object' && reply !== null ? undefined : 'Expected an object',
    },
  },
  implement: () => () => DONE,
};
