import type { FailureStatus } from '../kernel/contract.ts';

/** What a failure of the callee is called in HTTP. */
export const STATUS_OF: Readonly<Record<FailureStatus, number>> = {
  'bad-request': 400,
  'not-found': 404,
  overloaded: 503,
  'deadline-passed': 504,
  internal: 500,
};
