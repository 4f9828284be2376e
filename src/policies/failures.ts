import type { Failure, SendResult } from '../kernel/transport.ts';

/** Our wait is over. @param noEffect nothing was sent, or nothing happened */
export function timedOut(detail: string, noEffect: boolean): Failure {
  return { kind: 'failure', outcome: 'timeout', noEffect, status: 0, detail };
}

/** A policy did not let the call through. */
export function rejected(detail: string): Failure {
  return { kind: 'failure', outcome: 'rejected', noEffect: true, status: 0, detail };
}

/**
 * The service was healthy and rejected the request itself. A repetition would get the same reply, so it is neither
 * worth a retry nor a sign of a failing service.
 */
export function isCallersFault({ answered }: Failure): boolean {
  return answered === 'not-found' || answered === 'bad-request';
}

/** Whether the service promised that nothing happened; false for a reply. */
export function isWithoutEffect(result: SendResult): boolean {
  return result.kind === 'failure' && result.noEffect;
}
