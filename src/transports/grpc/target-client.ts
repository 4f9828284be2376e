import { Metadata } from '@grpc/grpc-js';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseText, parseValue } from '../../kernel/text-template.ts';
import type { Address, Connection, TargetContext } from '../../kernel/transport.ts';
import { endpointOfGrpc } from './endpoint-of.ts';
import { openGrpcConnection, type Saying } from './client.ts';
import { type ChannelSecurity, channelSecurity } from './secure-channel.ts';
import { assertTargetLibrary } from '../target-library.ts';
import type { GrpcOptions } from './options.ts';
import { messageProblems } from './target-message.ts';
import { describedByServer } from './target-reflection.ts';
import { methodsOfDescriptors, methodsOfProto, type TargetMethod, unaryMethod } from './target-methods.ts';
import { type GrpcTarget, SAMPLE } from './target.ts';

/** The caller's side of a gRPC server of the user's own: one unary method. */
export async function connectGrpcTarget(
  address: Address,
  { options, settings, seed, tls }: TargetContext<GrpcOptions, GrpcTarget>,
): Promise<Connection> {
  assertTargetLibrary(options.client, 'grpc-js');
  const security = channelSecurity(address, tls);
  const method = await methodOf(address, settings, security);
  const message = parseValue(settings.message, seed, 'message');
  const [problem] = messageProblems(method, message(SAMPLE) as object);
  if (problem) throw new CommbenchError('child-failed', `message: ${problem.message}`);
  const entries = Object.entries(settings.metadata).map(
    ([name, value]) => [name, parseText(value, seed, `metadata.${name}`)] as const,
  );
  const saying: Saying = {
    methodOf: () => method,
    bodyOf: ({ envelope }) => message(envelope) as object,
    metadataOf: ({ envelope }) => {
      const metadata = new Metadata();
      for (const [name, value] of entries) metadata.set(name, value(envelope));
      return metadata;
    },
  };
  const connection = await openGrpcConnection(address, options, saying, security);
  return { send: connection.send, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
}

/** The method from the .proto, or from the server itself: never through a proxy, as reflection is not measured. */
async function methodOf(
  { url, given }: Address,
  { proto, include, method }: GrpcTarget,
  security: ChannelSecurity,
): Promise<TargetMethod> {
  const service = method.slice(0, method.indexOf('/'));
  const methods =
    proto === undefined
      ? methodsOfDescriptors(await describedByServer(endpointOfGrpc(given ?? url), service, security))
      : methodsOfProto(proto, include);
  const found = unaryMethod(methods, method);
  if ('problem' in found) throw new CommbenchError('child-failed', found.problem);
  return found.method;
}
