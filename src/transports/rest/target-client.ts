import { openCaller } from '../http/caller.ts';
import { successVerdictOf } from '../http/success.ts';
import { protocolOf } from '../http/target-protocol.ts';
import { headersOf, partsOf, requestWriter } from '../http/target.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, TargetContext } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { methodOf, type RestTarget } from './target.ts';

/** The caller's side of an HTTP server of the user's own. */
export function connectRestTarget(
  given: Address,
  { options, settings, seed, tls }: TargetContext<RestOptions, RestTarget>,
): Promise<Connection> {
  const { headers, body, success } = settings;
  assertSendable(methodOf(settings), settings, options);
  const { address, path } = partsOf(given);
  const type = body === undefined ? undefined : typeof body === 'string' ? 'text/plain' : 'application/json';
  const requestOf = requestWriter(methodOf(settings), parseText(settings.path ?? path, seed, 'path'), {
    headers: headersOf(given, headers, seed, type),
    ...(body === undefined ? {} : { body: parseBody(body, seed) }),
  });
  return openCaller(
    address,
    options,
    { requestOf, verdict: successVerdictOf(success) },
    protocolOf(given, { tls, settings }),
  );
}

/** @throws CommbenchError child-failed for what only undici sends */
function assertSendable(method: string, { body }: RestTarget, { client }: RestOptions): void {
  if (client !== 'fetch' || body === undefined || (method !== 'GET' && method !== 'HEAD')) return;
  throw new CommbenchError('child-failed', `fetch sends no body with ${method}`, {
    hint: 'Remove the body, or set `client: undici` in the options of the pattern.',
  });
}
