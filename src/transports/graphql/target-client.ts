import { openCaller } from '../http/caller.ts';
import { answerText, type IncomingHeaders } from '../http/answer.ts';
import { type Dialect, isDone } from '../http/dialect.ts';
import { replyValueAt } from '../http/success.ts';
import { protocolOf } from '../http/target-protocol.ts';
import { headersOf, partsOf, requestWriter } from '../http/target.ts';
import { parseJson, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, SendResult, TargetContext } from '../../kernel/transport.ts';
import type { GraphqlOptions } from './options.ts';
import type { GraphqlTarget } from './target.ts';

/** The caller's side of a GraphQL endpoint of the user's own. */
export function connectGraphqlTarget(
  given: Address,
  { options, settings, seed, tls }: TargetContext<GraphqlOptions, GraphqlTarget>,
): Promise<Connection> {
  const { document, operationName, variables, headers, success } = settings;
  const { address, path } = partsOf(given);
  const fixed = JSON.stringify({ query: document, operationName }).slice(0, -1);
  const ofCall = parseJson(variables, seed, 'variables');
  const requestOf = requestWriter('POST', parseText(path, seed, 'path'), {
    headers: headersOf(given, headers, seed, 'application/json'),
    body: (envelope) => `${fixed},"variables":${ofCall(envelope)}}`,
  });
  const needed = [success.notNull].flat().map((at) => ({ at, keys: at.split('.') }));
  const dialect: Dialect = {
    requestOf,
    read: (_message, status, body, waitedNs, { location }) =>
      readTarget(needed, { status, location, body, waitedNs }),
  };
  return openCaller(address, options, dialect, protocolOf(given, { tls, settings }));
}

interface Needed {
  readonly at: string;
  readonly keys: readonly string[];
}

interface GraphqlAnswer {
  readonly status: number;
  readonly location: IncomingHeaders[string];
  readonly body: unknown;
  readonly waitedNs: number;
}

/** Errors come within a 200, perhaps beside part of the data: a partial answer is no answer. */
function readTarget(
  needed: readonly Needed[],
  { status, location, body, waitedNs }: GraphqlAnswer,
): SendResult {
  const failure = (outcome: 'error' | 'contract-broken', detail: string): SendResult => {
    return { kind: 'failure', outcome, noEffect: false, status, detail, waitedNs };
  };
  const { data, errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    data?: unknown;
    errors?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0) return failure('error', messageOf(errors[0]));
  if (!isDone(status))
    return failure('error', `${answerText(status, location)}; an answer of GraphQL has 2xx`);
  if (data === undefined || data === null) return failure('contract-broken', 'Expected data');
  const lacking = needed.find(({ keys }) => (replyValueAt(data, keys) ?? null) === null);
  if (lacking) return failure('contract-broken', `Expected data.${lacking.at}`);
  return { kind: 'reply', body: undefined, waitedNs };
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : 'An error without a message';
}
