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
 * The service was well and found fault with what it was asked: the same question would get the same answer, so it is
 * neither worth another try nor a reason to think ill of the service.
 */
export function isCallersFault({ answered }: Failure): boolean {
  return answered === 'not-found' || answered === 'bad-request';
}

/** Whether the service promised that nothing happened: not so of an answer. */
export function isWithoutEffect(result: SendResult): boolean {
  return result.kind === 'failure' && result.noEffect;
}
