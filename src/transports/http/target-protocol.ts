import { sharedSettings } from '../by-operation.ts';
import type { Address, TargetContext } from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import type { Protocol } from './protocol.ts';

/** What a target's requests are sent by. */
export function protocolOf(
  { url, given = url }: Address,
  context: Pick<TargetContext<unknown, { readonly httpVersion: number }>, 'tls' | 'requests'>,
): Protocol {
  const { tls } = context;
  return {
    isHttp2: sharedSettings(context).httpVersion === 2,
    secure: tls && secureOptions(tls, hostOfUrl(given)),
  };
}
