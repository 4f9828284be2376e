import { byOperation } from '../by-operation.ts';
import { openCaller } from '../http/caller.ts';
import { successVerdictOf } from '../http/success.ts';
import { protocolOf } from '../http/target-protocol.ts';
import type { Dialect } from '../http/dialect.ts';
import { EVENT_STREAM, headersOf, partsOf, requestWriter } from '../http/target.ts';
import { isStream } from '../../contracts/interactions.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, TargetContext, TargetRequest } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { methodOf, type RestTarget } from './target.ts';

/** The caller's side of an HTTP server of the user's own. */
export function connectRestTarget(
  given: Address,
  context: TargetContext<RestOptions, RestTarget>,
): Promise<Connection> {
  const { options, interaction } = context;
  const isStreaming = isStream(interaction);
  const { address, path } = partsOf(given);
  const writerFor = byOperation(context, (request) => {
    assertSendable(methodOf(request.settings), request.settings, options);
    return writerOf({ given, path, accept: isStreaming ? EVENT_STREAM : undefined }, request);
  });
  const requestOf: Dialect['requestOf'] = (message) => writerFor(message)(message);
  const verdict = byOperation(context, ({ settings, isTaken }) =>
    successVerdictOf(settings.success, isTaken),
  );
  const protocol = protocolOf(given, context);
  if (!isStreaming) return openCaller(address, options, { requestOf, verdict }, protocol);
  // Of a stream the answer has the status, and each item the content.
  const ofStatus = byOperation(context, ({ settings: { success } }) =>
    successVerdictOf({ status: success.status }),
  );
  const itemOf: Dialect['itemOf'] = (message, { data }, answer) =>
    verdict(message).of(answer, Buffer.from(data));
  return openCaller(address, options, { requestOf, verdict: ofStatus, itemOf }, protocol);
}

/** What all requests have in common. */
interface Place {
  readonly given: Address;
  /** Where the settings name none. */
  readonly path: string;
  readonly accept: string | undefined;
}

function writerOf({ given, path: usual, accept }: Place, { settings, seed }: TargetRequest<RestTarget>) {
  const { headers, body, path = usual } = settings;
  const type = body === undefined ? undefined : typeof body === 'string' ? 'text/plain' : 'application/json';
  return requestWriter(methodOf(settings), parseText(path, seed, 'path'), {
    headers: headersOf(given, headers, seed, type, accept),
    ...(body === undefined ? {} : { body: parseBody(body, seed) }),
  });
}

/** @throws CommbenchError child-failed for what only undici sends */
function assertSendable(method: string, { body }: RestTarget, { client }: RestOptions): void {
  if (client !== 'fetch' || body === undefined || (method !== 'GET' && method !== 'HEAD')) return;
  throw new CommbenchError('child-failed', `fetch sends no body with ${method}`, {
    hint: 'Remove the body, or set `client: undici` in the options of the pattern.',
  });
}
