import type { Failure } from '../../kernel/transport.ts';

type Outcome = Failure['outcome'];

/** Nothing was sent. */
export function notSent(outcome: Outcome, detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: true, status: 0, detail };
}

/** Nothing was sent, as there is no connection. */
export const AWAY: Failure = { ...notSent('refused', 'Not connected to the broker'), isAway: true };

/**
 * The record may have been sent, and done.
 * @param status Kafka's error code, 0 where there is none
 */
export function notSure(outcome: Outcome, detail: string, status = 0): Failure {
  return { kind: 'failure', outcome, noEffect: false, status, detail };
}

/** Kafka's MESSAGE_TOO_LARGE: the broker never accepts such a record, however often it is sent. */
const TOO_LARGE = 10;

/** The broker answered with an error code. */
export function brokerMessage(code: number, detail: string): Failure {
  return { kind: 'failure', outcome: 'error', noEffect: code === TOO_LARGE, status: code, detail };
}
