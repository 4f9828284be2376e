import { Code, ConnectError } from '@connectrpc/connect';
import type { FailureStatus, Handled } from '../../../kernel/contract.ts';
import { ENVELOPE_HEADER } from '../../../kernel/envelope.ts';
import type { Failure } from '../../../kernel/transport.ts';
import { EFFECT_KEY, failuresByCode } from '../effect-key.ts';

const CODE_OF: Readonly<Record<FailureStatus, Code>> = {
  'bad-request': Code.InvalidArgument,
  'not-found': Code.NotFound,
  overloaded: Code.ResourceExhausted,
  'deadline-passed': Code.DeadlineExceeded,
  internal: Code.Internal,
};
const BY_CODE = failuresByCode(CODE_OF);

type Failed = Extract<Handled, { kind: 'failed' }>;

export const NO_ENVELOPE: Failed = {
  kind: 'failed',
  status: 'bad-request',
  noEffect: true,
  detail: `Expected the metadata ${ENVELOPE_HEADER}`,
};

/** The error that the library makes a status of, with what the service promises. */
export function connectErrorOf({ status, detail, noEffect }: Failed): ConnectError {
  return new ConnectError(detail, CODE_OF[status], { [EFFECT_KEY]: noEffect ? 'none' : 'unknown' });
}

/**
 * The caller's knowledge of a call that ended with an error of the library.
 * @param wasSent it was put on a connection
 */
export function failureOfConnect(error: unknown, wasSent: boolean): Failure {
  const { code, rawMessage: detail, metadata, isWireError } = ConnectError.from(error);
  const failure = (outcome: Failure['outcome'], noEffect: boolean): Failure => {
    return { kind: 'failure', outcome, noEffect, status: code, detail };
  };
  if (!wasSent) return { ...failure('refused', true), isAway: true };
  const promise = metadata.get(EFFECT_KEY);
  if (promise !== null) return { ...failure('error', promise === 'none'), answered: BY_CODE.get(code) };
  if (isWireError) return failure('error', false);
  // The library's own: a reply that it cannot parse (or none, or several), or would not read, or a stream that was lost.
  if (code === Code.InvalidArgument || code === Code.Unimplemented) return failure('contract-broken', false);
  const isTooLarge = code === Code.ResourceExhausted && detail.startsWith('message size');
  return failure(isTooLarge ? 'error' : 'connection-lost', false);
}
