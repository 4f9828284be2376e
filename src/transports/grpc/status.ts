import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { FailureStatus, Handled } from '../../kernel/contract.ts';
import type { Failure } from '../../kernel/transport.ts';
import { EFFECT_KEY, failuresByCode } from './effect-key.ts';

const CODE_OF: Readonly<Record<FailureStatus, status>> = {
  'bad-request': status.INVALID_ARGUMENT,
  'not-found': status.NOT_FOUND,
  overloaded: status.RESOURCE_EXHAUSTED,
  'deadline-passed': status.DEADLINE_EXCEEDED,
  internal: status.INTERNAL,
};
const BY_CODE = failuresByCode(CODE_OF);

const EFFECT_NONE = effect('none');
const EFFECT_UNKNOWN = effect('unknown');

function effect(value: 'none' | 'unknown'): Metadata {
  const metadata = new Metadata();
  metadata.set(EFFECT_KEY, value);
  return metadata;
}

/** The status for a message that failed. */
export function statusOf({
  status: kind,
  detail,
  noEffect,
}: Extract<Handled, { kind: 'failed' }>): StatusObject {
  return { code: CODE_OF[kind], details: detail, metadata: noEffect ? EFFECT_NONE : EFFECT_UNKNOWN };
}

/** Progress of a call that ended with a status: of its last attempt, if the library makes several. */
export interface Reached {
  /** It was put on a connection. */
  readonly wasSent: boolean;
  /** The library may have made earlier attempts, whose fate is unknown. */
  readonly mayBeRepeat: boolean;
}

/** Statuses of the library's own for a lost stream (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, errors). */
const MADE_UP: readonly status[] = [
  status.CANCELLED,
  status.UNKNOWN,
  status.PERMISSION_DENIED,
  status.INTERNAL,
  status.UNAVAILABLE,
];

/** The caller's knowledge of a call that ended with this status. */
export function failureOf(
  { code, details, metadata }: StatusObject,
  { wasSent, mayBeRepeat }: Reached,
): Failure {
  const failure = (outcome: Failure['outcome'], noEffect: boolean): Failure => ({
    kind: 'failure',
    outcome,
    noEffect: noEffect && !mayBeRepeat,
    status: code,
    detail: details,
  });
  if (!wasSent)
    return mayBeRepeat ? failure('connection-lost', false) : { ...failure('refused', true), isAway: true };
  const [promise] = metadata.get(EFFECT_KEY);
  if (promise !== undefined) return { ...failure('error', promise === 'none'), answered: BY_CODE.get(code) };
  // A status without metadata that the library makes up itself (from the end of an HTTP/2 stream) was not sent by the
  // server; RESOURCE_EXHAUSTED means a reply larger than it would read.
  const isAnswer = Object.keys(metadata.getMap()).length > 0 || !MADE_UP.includes(code);
  return failure(isAnswer ? 'error' : 'connection-lost', false);
}
