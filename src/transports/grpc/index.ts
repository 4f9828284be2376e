import { isStream } from '../../contracts/interactions.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import { type GrpcOptions, grpcOptionsSchema } from './options.ts';
import { parts } from './parts.ts';
import { grpcTarget } from './target.ts';

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
    fairness: ({ encoding, channels, reconnectMinMs, reconnectMaxMs, retry }) => ({
      protocol: 'gRPC over HTTP/2 without TLS, @grpc/grpc-js on both sides',
      connections: `${channels}, kept open; all calls of a channel share its one connection`,
      encoding:
        encoding === 'json'
          ? 'JSON, in the methods of proto/'
          : 'Protocol Buffers, read from proto/ at start',
      noDelay: 'on both sides',
      retries: retry
        ? `up to ${retry.attempts} attempts by the library itself on ${retry.codes.join(', ')}: visible at the service only`
        : "none, the library's transparent ones included: a lost reply stays unknown",
      reconnecting: `after ${reconnectMinMs} to ${reconnectMaxMs} ms (library: 1 s, growing to 120 s), calls are refused meanwhile`,
      windows: '64 KiB for each stream and each connection, as Node ships them',
      cancelling:
        'each time-out resets its stream; after 1000, and 33 more a second, Node closes the connection',
      profile: 'no proxy, no compression, no interceptors, channelz off (library: on)',
    }),
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
    ],
  },
  parts,
  target: grpcTarget,
};
