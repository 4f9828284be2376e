import { byOperation, sharedSettings } from '../by-operation.ts';
import { assertTargetLibrary } from '../target-library.ts';
import { openCaller } from '../http/caller.ts';
import { answerText, type IncomingHeaders } from '../http/answer.ts';
import { type Dialect, isDone } from '../http/dialect.ts';
import { protocolOf } from '../http/target-protocol.ts';
import { EVENT_STREAM, headersOf, partsOf, requestWriter } from '../http/target.ts';
import { isStream } from '../../contracts/interactions.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { replyValueAt } from '../../contracts/target.ts';
import { parseJson, parseText, parseValue } from '../../kernel/text-template.ts';
import type {
  Address,
  Connection,
  Message,
  SendResult,
  TargetContext,
  TargetRequest,
} from '../../kernel/transport.ts';
import type { GraphqlOptions } from './options.ts';
import type { GraphqlTarget } from './target.ts';

/** The caller's side of a GraphQL endpoint of the user's own. */
export async function connectGraphqlTarget(
  given: Address,
  context: TargetContext<GraphqlOptions, GraphqlTarget>,
): Promise<Connection> {
  if (/^wss?:/.test(given.url)) return overSocket(given, context);
  if (sharedSettings(context).connectionParams) {
    throw new CommbenchError('child-failed', '`connectionParams` go over ws:// or wss:// only');
  }
  const { address, path } = partsOf(given);
  const isStreaming = isStream(context.interaction);
  const accept = isStreaming ? EVENT_STREAM : undefined;
  const writerFor = byOperation(context, (request) => writerOf({ given, path, accept }, request));
  const requestOf: Dialect['requestOf'] = (message) => writerFor(message)(message);
  const neededOf = byOperation(context, neededIn);
  const protocol = protocolOf(given, context);
  const read: NonNullable<Dialect['read']> = (message, status, body, waitedNs, { location }) =>
    readTarget(neededOf(message), { status, location, body, waitedNs });
  const itemOf: Dialect['itemOf'] = (message, { event, data }, { status, waitedNs, headers }) =>
    event === COMPLETE ? undefined : read(message, status, parsed(data), waitedNs, headers);
  const dialect: Dialect = isStreaming ? { requestOf, itemOf } : { requestOf, read };
  return openCaller(address, context.options, dialect, protocol);
}

/** Over WebSocket there is no status: an answer is what its data and errors say. */
async function overSocket(
  given: Address,
  context: TargetContext<GraphqlOptions, GraphqlTarget>,
): Promise<Connection> {
  const { openGraphqlSocket } = await import('./socket-client.ts');
  assertTargetLibrary(context.options.client, 'undici');
  const { headers, connectionParams } = sharedSettings(context);
  assertOneHandshake([...context.requests.values()].map(({ settings }) => settings.headers));
  const requestOf = byOperation(context, ({ settings: { document, operationName, variables }, seed }) => {
    const fill = parseValue(variables, seed, 'variables');
    return ({ envelope }: Message) => ({ query: document, operationName, variables: fill(envelope) });
  });
  const neededOf = byOperation(context, neededIn);
  const read = (message: Message, body: unknown): SendResult => {
    const result = readTarget(neededOf(message), { status: 200, location: undefined, body, waitedNs: 0 });
    return result.kind === 'failure' ? { ...result, status: 0 } : { kind: 'reply', body: dataOf(body) };
  };
  const dialect = {
    headers,
    connectionParams,
    requestOf: (message: Message) => requestOf(message)(message),
    read,
  };
  return openGraphqlSocket(given, dialect, protocolOf(given, context));
}

/** @throws CommbenchError child-failed for headers that would have to differ from call to call */
function assertOneHandshake(all: readonly GraphqlTarget['headers'][]): void {
  const [first, ...others] = all.map((headers) => JSON.stringify(headers));
  if (!first?.includes('{{') && others.every((other) => other === first)) return;
  throw new CommbenchError(
    'child-failed',
    'Over a WebSocket all calls share the `headers` of its one handshake: the same for all operations, without holes',
  );
}

function neededIn({ settings }: TargetRequest<GraphqlTarget>): Needed[] {
  return [settings.success.notNull].flat().map((at) => ({ at, keys: at.split('.') }));
}

function dataOf(body: unknown): unknown {
  return (body as { readonly data?: unknown }).data;
}

/** The last event of a subscription (https://github.com/graphql/graphql-over-http, GraphQL over SSE, distinct connections). */
const COMPLETE = 'complete';

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

/** What all requests have in common. */
interface Place {
  readonly given: Address;
  readonly path: string;
  readonly accept: string | undefined;
}

function writerOf({ given, path, accept }: Place, { settings, seed }: TargetRequest<GraphqlTarget>) {
  const { document, operationName, variables, headers } = settings;
  const fixed = JSON.stringify({ query: document, operationName }).slice(0, -1);
  const ofCall = parseJson(variables, seed, 'variables');
  return requestWriter('POST', parseText(path, seed, 'path'), {
    headers: headersOf(given, headers, seed, 'application/json', accept),
    body: (envelope) => `${fixed},"variables":${ofCall(envelope)}}`,
  });
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
  return { kind: 'reply', body: data, status, waitedNs };
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : 'An error without a message';
}
