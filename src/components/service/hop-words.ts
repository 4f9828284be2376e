import type { FailureStatus, Handled } from '../../kernel/contract.ts';
import type { Failure } from '../../kernel/transport.ts';

/** What a service says of a message that a fault made to fail: nothing was done. Every transport carries the detail. */
export function struckDown(fault: string, status: FailureStatus): Handled {
  return { kind: 'failed', status, noEffect: true, detail: `fault:${fault}` };
}

/** The fault that a service says it was, as its caller reads it. */
export function faultNamedIn(detail: string): string | undefined {
  return /\bfault:([a-z0-9-]+)/.exec(detail)?.[1];
}

/**
 * What a service says when one that it needs has failed it, after all policies: the service's own kind of failure
 * where it gave one; else `overloaded` where there was nobody to do it (refused, rejected by a policy of its own), as
 * it may go better later, and a broker gives such a message out again; `deadline-passed` (504, DEADLINE_EXCEEDED)
 * where it waited too long; `internal` for all the rest. The service's words are not passed on: a fault is counted
 * where it was seen, not at each hop above.
 */
export function failedBy(edge: string, failure: Failure, mayHaveEffect: boolean): Handled {
  return {
    kind: 'failed',
    status: failure.answered ?? statusOf(failure.outcome),
    noEffect: !mayHaveEffect,
    detail: `${edge}: ${failure.outcome}`,
  };
}

function statusOf(outcome: Failure['outcome']): FailureStatus {
  switch (outcome) {
    case 'refused':
    case 'rejected':
      return 'overloaded';
    case 'timeout':
      return 'deadline-passed';
    default:
      return 'internal';
  }
}
