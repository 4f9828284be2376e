import { isDone } from '../http/dialect.ts';
import { failureStatusOfHttp } from '../http/status.ts';
import type { SendResult } from '../../kernel/transport.ts';
import { statusOfCode } from './failure-codes.ts';

/** Required content of the answer to a document. */
export interface Expected {
  /** The requested root field. */
  readonly field: string;
  readonly asked: readonly string[] | undefined;
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnsweredError[];
}

interface AnsweredError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown; readonly effect?: unknown };
}

/**
 * The meaning of an answer. Errors come within a 200, perhaps beside part of the data. A partial answer is no answer,
 * so any error is a failure. An error without a code of ours is the service's own breach of the schema (a required
 * field is missing).
 */
export function readAnswer(expected: Expected, status: number, body: unknown, waitedNs: number): SendResult {
  const isObject = typeof body === 'object' && body !== null;
  const { data, errors } = (isObject ? body : {}) as Answer;
  if (Array.isArray(errors) && errors.length > 0) return failureOf(errors, status, waitedNs);
  if (!isDone(status)) return failure('error', false, status, `HTTP ${status}`, waitedNs);
  const { field, asked } = expected;
  const reply = data?.[field];
  if (reply === undefined || reply === null) {
    return failure('contract-broken', false, status, `Expected data.${field}`, waitedNs);
  }
  return asked ? { kind: 'reply', body: reply, asked, waitedNs } : { kind: 'reply', body: reply, waitedNs };
}

function failureOf(errors: readonly (AnsweredError | null)[], status: number, waitedNs: number): SendResult {
  const [first] = errors;
  const known = statusOfCode(first?.extensions?.code);
  const detail = typeof first?.message === 'string' ? first.message : 'An error without a message';
  if (isDone(status) && known === undefined) {
    return failure('contract-broken', false, status, detail, waitedNs);
  }
  const noEffect = errors.every((error) => error?.extensions?.effect === 'none');
  return failure('error', noEffect, isDone(status) ? known! : status, detail, waitedNs);
}

function failure(
  outcome: 'error' | 'contract-broken',
  noEffect: boolean,
  status: number,
  detail: string,
  waitedNs: number,
): SendResult {
  const answered = outcome === 'error' ? failureStatusOfHttp(status) : undefined;
  return { kind: 'failure', outcome, noEffect, status, answered, detail, waitedNs };
}
