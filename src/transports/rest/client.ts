import { openCaller } from '../http/caller.ts';
import { type Dialect, isDone, NOT_JSON } from '../http/dialect.ts';
import { failureStatusOfHttp } from '../http/status.ts';
import type { Address, ConnectContext, Connection, SendResult } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { writeRequest } from './write-request.ts';

/** The caller's side of REST. */
export function connectRest(address: Address, { options }: ConnectContext<RestOptions>): Promise<Connection> {
  const { path } = address;
  return openCaller(address, options, path === undefined ? CONTRACT : targetDialect(path));
}

const CONTRACT: Dialect = {
  requestOf: writeRequest,
  read: (_message, status, body, waitedNs) => readReply(status, body, waitedNs),
};

/** An endpoint of the user's own: a plain GET whatever the operation, without any header of ours. */
function targetDialect(path: string): Dialect {
  const request = { method: 'GET', path } as const;
  return { requestOf: () => request };
}

const NO_CONTENT = 204;
const EMPTY = {};

function readReply(status: number, body: unknown, waitedNs: number): SendResult {
  if (status === NO_CONTENT) return { kind: 'reply', body: EMPTY, waitedNs };
  const isJson = body !== NOT_JSON && body !== undefined;
  if (isDone(status)) {
    if (isJson) return { kind: 'reply', body, waitedNs };
    return {
      kind: 'failure',
      outcome: 'contract-broken',
      noEffect: false,
      status,
      detail: 'Expected JSON',
      waitedNs,
    };
  }
  const { error, effect } = (isJson ? (body ?? {}) : {}) as { error?: unknown; effect?: unknown };
  const detail = typeof error === 'string' ? error : `HTTP ${status}`;
  const answered = failureStatusOfHttp(status);
  return {
    kind: 'failure',
    outcome: 'error',
    noEffect: effect === 'none',
    status,
    answered,
    detail,
    waitedNs,
  };
}
