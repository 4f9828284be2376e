import type { Address, TargetContext } from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import type { Protocol } from './protocol.ts';

type Context = TargetContext<unknown, { readonly httpVersion: number }>;

/** What a target's requests are sent by. */
export function protocolOf(
  { url, given = url }: Address,
  { tls, settings }: Pick<Context, 'tls' | 'settings'>,
): Protocol {
  return { isHttp2: settings.httpVersion === 2, secure: tls && secureOptions(tls, hostOfUrl(given)) };
}
