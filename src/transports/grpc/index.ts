import { isStream } from '../../contracts/interactions.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import { type GrpcOptions, grpcOptionsSchema } from './options.ts';
import { parts } from './parts.ts';
import { grpcTarget } from './target.ts';

const PACKAGES: Readonly<Record<GrpcOptions['client'], string>> = {
  'grpc-js': '@grpc/grpc-js',
  connect: '@connectrpc/connect-node',
};

export const definition: TransportDefinition<GrpcOptions> = {
  name: 'grpc',
  title: 'gRPC',
  client: '@grpc/grpc-js',
  interactions: ['request-reply', 'server-stream'],
  options: grpcOptionsSchema,
  statements: {
    guarantee: ({ retry }, interaction) => ({
      label: retry ? 'nothing durable, several times where it was retried' : 'at-most-once, nothing durable',
      acknowledgedBy: 'the service, by its reply after the effect is done',
      durableAgainst: 'nothing: a request dies with the service or its connection',
      delivery: retry ? 'at-least-once' : 'at-most-once',
      order: isStream(interaction) ? 'items of one stream in order, streams not' : 'none between requests',
    }),
    client: ({ client }) => PACKAGES[client],
    fairness,
    complexity: () => [
      { category: 'state', what: 'channel states (idle, connecting, ready, failing)' },
      { category: 'state', what: 'many calls share one connection, and are lost with it' },
      { category: 'artefact', what: '.proto file' },
      { category: 'artefact', what: 'generated or loaded stubs on both sides' },
    ],
  },
  wire: {
    schemes: [
      { protocol: 'grpc:', port: 50_051 },
      { protocol: 'http:', port: 80 },
      { protocol: 'grpcs:', port: 443, isSecure: true },
      { protocol: 'https:', port: 443, isSecure: true },
    ],
  },
  parts,
  target: grpcTarget,
};

function fairness(options: GrpcOptions): Record<string, string> {
  const { channels, retry } = options;
  return {
    protocol: `gRPC over HTTP/2 without TLS, ${librariesText(options)}`,
    connections: `${channels}, kept open; all calls of a channel share its one connection`,
    encoding: encodingText(options),
    noDelay: 'on both sides',
    retries: retry
      ? `up to ${retry.attempts} attempts by the library itself on ${retry.codes.join(', ')}: visible at the service only`
      : "none, the library's transparent ones included: a lost reply stays unknown",
    reconnecting: reconnectingText(options),
    windows: '64 KiB for each stream and each connection, as Node ships them',
    cancelling:
      'each time-out resets its stream; after 1000, and 33 more a second, Node closes the connection',
    profile: profileText(options),
  };
}

function librariesText({ client, host }: GrpcOptions): string {
  if (client === host) return `${PACKAGES[client]} on both sides`;
  return `${PACKAGES[client]} as the client, ${PACKAGES[host]} as the service's host`;
}

function encodingText({ encoding, client, host }: GrpcOptions): string {
  if (encoding === 'json') {
    return client === 'connect'
      ? 'JSON by the mapping of Protocol Buffers (camel case, 64-bit numbers as text), in the methods of proto/'
      : 'JSON, in the methods of proto/';
  }
  const codecs = { 'grpc-js': 'protobufjs', connect: '@bufbuild/protobuf' };
  const [own, other] = [codecs[client], codecs[host]];
  return `Protocol Buffers, read from proto/ at start, by ${own === other ? own : `${own} and ${other}`}`;
}

function reconnectingText({ client, reconnectMinMs, reconnectMaxMs }: GrpcOptions): string {
  return client === 'connect'
    ? 'with the next call, at once and each time (the library has no back-off); the call waits for it'
    : `after ${reconnectMinMs} to ${reconnectMaxMs} ms (library: 1 s, growing to 120 s), calls are refused meanwhile`;
}

/** What was switched off, and what a library cannot be kept from. */
function profileText({ client, host }: GrpcOptions): string {
  const isUsed = (library: GrpcOptions['client']) => client === library || host === library;
  return [
    'no proxy, no compression, no interceptors',
    ...(isUsed('grpc-js') ? ['channelz off (grpc-js: on)'] : []),
    ...(isUsed('connect') ? ['Connect would compress messages from 1 KiB on'] : []),
    ...(client === 'connect' ? ['each failure is an exception with its stack'] : []),
  ].join(', ');
}
