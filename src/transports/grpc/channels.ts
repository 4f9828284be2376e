import { isIP } from 'node:net';
import { Channel, type ChannelOptions, connectivityState, credentials } from '@grpc/grpc-js';
import { endpointOfGrpc } from './endpoint-of.ts';
import type { ChannelSecurity } from './secure-channel.ts';
import type { GrpcOptions, GrpcRetry } from './options.ts';

/** Time for the first connections; calls wait for a slower one. */
const CONNECT_MS = 10_000;

/** A call as the channel makes it: below stubs and interceptors, which add an Error per call. */
export type ChannelCall = ReturnType<Channel['createCall']>;

/** Opens the channels and waits until each is connected, or its first attempt failed. */
export async function openChannels(
  url: string,
  options: GrpcOptions,
  security: ChannelSecurity | undefined,
): Promise<readonly Channel[]> {
  const channels = Array.from({ length: options.channels }, () => openChannel(url, options, security));
  await Promise.all(channels.map(settled));
  return channels;
}

function openChannel(url: string, options: GrpcOptions, security: ChannelSecurity | undefined): Channel {
  return new Channel(placeOf(url), security?.credentials ?? credentials.createInsecure(), {
    ...security?.options,
    // Channels to one address would share one connection otherwise.
    'grpc.use_local_subchannel_pool': 1,
    ...retrying(options.retry),
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0,
    'grpc.initial_reconnect_backoff_ms': options.reconnectMinMs,
    'grpc.max_reconnect_backoff_ms': options.reconnectMaxMs,
    'grpc.max_receive_message_length': options.maxMessageBytes,
  });
}

/** Channel target of a URL: an IP address needs no name resolution. */
function placeOf(url: string): string {
  const host = endpointOfGrpc(url);
  const kind = isIP(new URL(url).hostname.replaceAll(/^\[|\]$/g, ''));
  return `${kind === 4 ? 'ipv4' : kind === 6 ? 'ipv6' : 'dns'}:${host}`;
}

function retrying(retry: GrpcRetry | null): ChannelOptions {
  if (!retry) return { 'grpc.enable_retries': 0 };
  const retryPolicy = {
    maxAttempts: retry.attempts,
    initialBackoff: `${retry.initialBackoffMs / 1000}s`,
    maxBackoff: `${retry.maxBackoffMs / 1000}s`,
    backoffMultiplier: retry.multiplier,
    retryableStatusCodes: retry.codes,
  };
  // An empty name matches every method.
  const config = { loadBalancingConfig: [], methodConfig: [{ name: [{}], retryPolicy }] };
  return { 'grpc.service_config': JSON.stringify(config) };
}

async function settled(channel: Channel): Promise<void> {
  const untilMs = Date.now() + CONNECT_MS;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY || state === connectivityState.TRANSIENT_FAILURE) return;
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    channel.watchConnectivityState(state, untilMs, resolve);
    if (await promise) return;
  }
}
