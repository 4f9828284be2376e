import { Metadata } from '@grpc/grpc-js';
import { encodeEnvelope, type Envelope, ENVELOPE_HEADER, TRACE_HEADER } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type {
  Address,
  ConnectContext,
  Connection,
  Failure,
  Message,
  Reply,
  SendOptions,
  SendResult,
} from '../../kernel/transport.ts';
import { openChannels } from './channels.ts';
import { createItems, type Sink } from '../stream-items.ts';
import { type CalledMethod, GrpcExchange } from './exchange.ts';
import { loadMethods } from './methods.ts';
import type { ChannelSecurity } from './secure-channel.ts';
import type { GrpcOptions } from './options.ts';

const CANCELLED = unsent('timeout', 'cancelled before it was sent');
const NO_REPLY: Failure = {
  kind: 'failure',
  outcome: 'contract-broken',
  noEffect: false,
  status: 0,
  detail: 'Expected a reply, found only the status OK',
};

/** The caller's side of gRPC for our contracts: calls spread over the channels by their sequence. */
export function connectGrpc(address: Address, { options }: ConnectContext<GrpcOptions>): Promise<Connection> {
  const methods = loadMethods(options.encoding);
  return openGrpcConnection(address, options, {
    methodOf: ({ operation }) => {
      const method = methods.get(operation);
      if (method) return method;
      throw new CommbenchError('defect', `Expected a method for ${operation}, found none`);
    },
    bodyOf: ({ body }) => body as object,
    metadataOf: ({ envelope }) => metadataWith([[ENVELOPE_HEADER, encodeEnvelope(envelope)]], envelope),
  });
}

/** Metadata of a message, with its trace context if it has one. */
export function metadataWith(
  entries: Iterable<readonly [name: string, value: string]>,
  { traceparent }: Envelope,
): Metadata {
  const metadata = new Metadata();
  if (traceparent !== undefined) metadata.set(TRACE_HEADER, traceparent);
  for (const [name, value] of entries) metadata.set(name, value);
  return metadata;
}

/** The gRPC form of a message. */
export interface Saying {
  methodOf(message: Message): CalledMethod;
  /** @returns what the method's serializer takes */
  bodyOf(message: Message): object;
  metadataOf(message: Message): Metadata;
}

/**
 * The caller's side, for any kind of message.
 * @param security of a target; our own service has no TLS
 */
export async function openGrpcConnection(
  address: Address,
  options: GrpcOptions,
  saying: Saying,
  security?: ChannelSecurity,
): Promise<Connection> {
  const channels = await openChannels(address.url, options, security);
  const open = new Set<GrpcExchange>();
  const tooMany = unsent('refused', `Expected at most ${options.maxOpenCalls} open calls`);

  /** Undefined where nothing was sent: the sink then has the reason. */
  const begin = (message: Message, sink: Sink, signal: SendOptions['signal']): GrpcExchange | undefined => {
    const method = saying.methodOf(message);
    const reason = signal?.aborted ? CANCELLED : open.size < options.maxOpenCalls ? undefined : tooMany;
    if (reason) {
      sink.end(reason);
      return undefined;
    }
    const channel = channels[message.envelope.sequence % channels.length]!;
    const call = channel.createCall(method.path, Infinity, null, null, null);
    const leave = (ended: Failure | undefined): void => {
      open.delete(exchange);
      sink.end(ended);
    };
    const exchange = new GrpcExchange(
      call,
      method,
      { item: sink.item, end: leave },
      signal,
      options.retry !== null,
    );
    exchange.start(saying.bodyOf(message), saying.metadataOf(message));
    open.add(exchange);
    return exchange;
  };

  return {
    send: (message, sendOptions) =>
      new Promise<SendResult>((resolve) => {
        let reply: Reply | undefined;
        const item = (first: Reply): void => void (reply = first);
        const end = (ended: Failure | undefined): void => resolve(ended ?? reply ?? NO_REPLY);
        begin(message, { item, end }, sendOptions?.signal);
      }),
    open(message, sendOptions) {
      const items = createItems();
      const exchange = begin(message, items, sendOptions?.signal);
      return items.read(exchange);
    },
    async [Symbol.asyncDispose]() {
      for (const exchange of open) exchange.abandon();
      for (const channel of channels) channel.close();
    },
  };
}

function unsent(outcome: 'refused' | 'timeout', detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: true, status: 0, detail };
}
