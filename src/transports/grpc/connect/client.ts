import type { DescMethodStreaming, DescMethodUnary, Message as Answer } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { encodeEnvelope, ENVELOPE_HEADER, tracedByName } from '../../../kernel/envelope.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import type {
  Address,
  ConnectContext,
  Connection,
  Message,
  Reply,
  SendResult,
} from '../../../kernel/transport.ts';
import type { GrpcOptions } from '../options.ts';
import { bodyCodecOf } from './bodies.ts';
import { ConnectCall } from './call.ts';
import { describeMethods } from './descriptors.ts';
import { createOpenCalls } from './open-calls.ts';
import { ObservedSession } from './sessions.ts';

/** The caller's side of gRPC by Connect: calls spread over the connections by their sequence. */
export async function connectGrpcByConnect(
  { url }: Address,
  { options }: ConnectContext<GrpcOptions>,
): Promise<Connection> {
  const calls = createOpenCalls(options.maxOpenCalls);
  const sessions = Array.from({ length: options.channels }, () => new ObservedSession(url, calls.sent));
  await Promise.all(sessions.map((session) => session.connect()));
  const transports = sessions.map((session) => transportOf(session, options));

  const prepare = createPrepare(transports);

  return {
    async send(message, sendOptions): Promise<SendResult> {
      const { method, envelope, header, body, replyOf, transport } = prepare(message);
      const call = calls.begin(envelope, sendOptions?.signal);
      if (!(call instanceof ConnectCall)) return call;
      try {
        const answer = await transport.unary(method as DescMethodUnary, call.signal, undefined, header, body);
        return call.given ?? replyOf(answer.message);
      } catch (error) {
        return call.failureOf(error);
      } finally {
        calls.end(envelope, call);
      }
    },
    async *open(message, sendOptions) {
      const { method, envelope, header, body, replyOf, transport } = prepare(message);
      const call = calls.begin(envelope, sendOptions?.signal);
      if (!(call instanceof ConnectCall)) return yield call;
      const asked = one(body);
      try {
        const items = await transport.stream(
          method as DescMethodStreaming,
          call.signal,
          undefined,
          header,
          asked,
        );
        for await (const item of items.message) yield replyOf(item);
      } catch (error) {
        yield call.failureOf(error);
      } finally {
        // A reader that leaves early wants no more items.
        call.cancel();
        calls.end(envelope, call);
      }
    },
    async [Symbol.asyncDispose]() {
      calls.abandon();
      for (const session of sessions) session.abort();
    },
  };
}

/** What a call of the library takes, for each message. */
function createPrepare(transports: readonly Transport[]) {
  const methods = describeMethods();
  return (message: Message) => {
    const method = methods.get(message.operation);
    if (!method) throw new CommbenchError('defect', `Expected a method for ${message.operation}, found none`);
    const envelope = encodeEnvelope(message.envelope);
    return {
      method,
      envelope,
      header: tracedByName({ [ENVELOPE_HEADER]: envelope }, message.envelope),
      body: bodyCodecOf(method.input).toMessage(message.body),
      replyOf: (answer: Answer): Reply => ({
        kind: 'reply',
        body: bodyCodecOf(method.output).toBody(answer),
      }),
      transport: transports[message.envelope.sequence % transports.length]!,
    };
  };
}

function transportOf(session: ObservedSession, { encoding, maxMessageBytes }: GrpcOptions): Transport {
  return createGrpcTransport({
    baseUrl: session.authority,
    sessionManager: session,
    useBinaryFormat: encoding === 'protobuf',
    // The library's own asks for gzip and br.
    acceptCompression: [],
    readMaxBytes: maxMessageBytes,
  });
}

async function* one<Item>(item: Item): AsyncGenerator<Item> {
  yield item;
}
