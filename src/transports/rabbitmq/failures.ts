import type { Failure } from '../../kernel/transport.ts';

/** AMQP's reply code for a message that no queue took. */
const NO_ROUTE = 312;

/** Failures of a caller, made once: an outage must not cost their making. */
export const DOWN: Failure = { ...notSent('refused', 'Not connected to the broker'), isAway: true };
export const FULL = notSent('refused', 'Too many messages are open (maxUnconfirmed)');
export const TOO_LATE = notSent('timeout', 'The wait was over before sending');
export const UNROUTABLE: Failure = {
  ...notSent('error', 'No queue accepted the message'),
  status: NO_ROUTE,
};
export const BROKER_NACK = maySent('error', 'The broker did not take responsibility (basic.nack)');
export const CONNECTION_LOST = maySent('connection-lost', 'The connection was lost before the answer');
export const TIMED_OUT = maySent('timeout', 'No answer in time');

function notSent(outcome: Failure['outcome'], detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: true, status: 0, detail };
}

function maySent(outcome: Failure['outcome'], detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: false, status: 0, detail };
}

/** The service answered that it failed, and what it promises. */
export function failedThere(detail: string, noEffect: boolean): Failure {
  return { kind: 'failure', outcome: 'error', noEffect, status: 0, detail };
}

export function brokenReply(detail: string): Failure {
  return maySent('contract-broken', detail);
}
