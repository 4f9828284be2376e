import { createSecureContext } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import type { Address, TargetContext } from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import { endpointOfGrpc } from './endpoint-of.ts';

/** What a channel to a target has beyond our options. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** The target's own name is always sent, also through a proxy. */
export function channelSecurity({ url, given = url }: Address, tls: TargetContext['tls']): ChannelSecurity {
  const named = { 'grpc.default_authority': endpointOfGrpc(given) };
  if (!tls) return { credentials: credentials.createInsecure(), options: named };
  const options = secureOptions(tls, hostOfUrl(given));
  const { servername, checkServerIdentity, rejectUnauthorized, ...files } = options;
  const context = createSecureContext(files);
  // Our own check knows the name that is to be found.
  const verifying = { checkServerIdentity, rejectUnauthorized };
  return {
    credentials: credentials.createFromSecureContext(context, verifying),
    options: { ...named, ...(servername === '' ? {} : { 'grpc.ssl_target_name_override': servername }) },
  };
}
