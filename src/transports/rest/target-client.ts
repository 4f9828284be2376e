import { openCaller } from '../http/caller.ts';
import { successVerdictOf } from '../http/success.ts';
import { headersOf, partsOf, requestWriter } from '../http/target.ts';
import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Address, Connection, TargetContext } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { methodOf, type RestTarget } from './target.ts';

/** The caller's side of an HTTP server of the user's own. */
export function connectRestTarget(
  given: Address,
  { options, settings, seed }: TargetContext<RestOptions, RestTarget>,
): Promise<Connection> {
  const { headers, body, success } = settings;
  const { address, path } = partsOf(given);
  const type = body === undefined ? undefined : typeof body === 'string' ? 'text/plain' : 'application/json';
  const requestOf = requestWriter(methodOf(settings), parseText(settings.path ?? path, seed, 'path'), {
    headers: headersOf(given, headers, seed, type),
    ...(body === undefined ? {} : { body: parseBody(body, seed) }),
  });
  return openCaller(address, options, { requestOf, verdict: successVerdictOf(success) });
}
