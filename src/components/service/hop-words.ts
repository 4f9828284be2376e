import type { FailureStatus, Handled } from '../../kernel/contract.ts';
import type { Failure } from '../../kernel/transport.ts';

/** The reply to a message that a fault failed: nothing was done. Every transport carries the detail. */
export function struckDown(fault: string, status: FailureStatus): Handled {
  return { kind: 'failed', status, noEffect: true, detail: `fault:${fault}` };
}

/** The fault named in a service's reply, as its caller reads it. */
export function faultNamedIn(detail: string): string | undefined {
  return /\bfault:([a-z0-9-]+)/.exec(detail)?.[1];
}

/**
 * A service's reply after a call of its own failed, after all policies. The status is, in order:
 * the failed service's own failure; `overloaded` where the call was refused or rejected by a policy, as a retry or a
 * redelivery may succeed; `deadline-passed` (504, DEADLINE_EXCEEDED) after too long a wait; else `internal`.
 * The failed service's detail is not passed on: a fault is counted where it was observed, not at each hop above.
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
