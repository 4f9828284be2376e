import { STATUS_OF } from '../http/status.ts';
import type { FailureStatus, Handled } from '../kernel/contract.ts';
import type { Failure } from '../kernel/transport.ts';

/** gRPC's RESOURCE_EXHAUSTED: what an overloaded service says there. */
const RESOURCE_EXHAUSTED = 8;

/** What a service says of a message that a fault made to fail: nothing was done. Every transport carries the detail. */
export function struckDown(fault: string, status: FailureStatus): Handled {
  return { kind: 'failed', status, noEffect: true, detail: `fault:${fault}` };
}

/** The fault that a callee says it was, as its caller reads it. */
export function faultNamedIn(detail: string): string | undefined {
  return /\bfault:([a-z0-9-]+)/.exec(detail)?.[1];
}

/**
 * What a service says when one that it needs has failed it, after all policies:
 * - `overloaded` where there was nobody to do it (refused, rejected by a policy of its own) or the callee said so
 *   itself: it may go better later, and a broker gives such a message out again;
 * - `deadline-passed` (504, DEADLINE_EXCEEDED) where it waited too long;
 * - `internal` for all else.
 * The callee's own words are not passed on: a fault is counted where it was seen, not at each hop above.
 */
export function failedBy(edge: string, failure: Failure, mayHaveEffect: boolean): Handled {
  return {
    kind: 'failed',
    status: statusOf(failure),
    noEffect: !mayHaveEffect,
    detail: `${edge}: ${failure.outcome}`,
  };
}

function statusOf(failure: Failure): FailureStatus {
  switch (failure.outcome) {
    case 'refused':
    case 'rejected':
      return 'overloaded';
    case 'timeout':
      return 'deadline-passed';
    case 'error':
      return isOverload(failure) ? 'overloaded' : 'internal';
    default:
      return 'internal';
  }
}

/** By the transport's own code; replies over brokers have none, and begin with the word. */
function isOverload({ status, detail }: Failure): boolean {
  return (
    status === STATUS_OF.overloaded || status === RESOURCE_EXHAUSTED || detail.startsWith('overloaded: ')
  );
}
