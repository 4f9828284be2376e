import type { Envelope } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseText, parseValue } from '../../kernel/text-template.ts';
import { byOperation } from '../by-operation.ts';
import type { Address, Connection, TargetContext, TargetRequest } from '../../kernel/transport.ts';
import { endpointOfGrpc } from './endpoint-of.ts';
import { metadataWith, openGrpcConnection, type Saying } from './client.ts';
import { type ChannelSecurity, channelSecurity } from './secure-channel.ts';
import { assertTargetLibrary } from '../target-library.ts';
import type { GrpcOptions } from './options.ts';
import { sampleProblems } from './target-message.ts';
import { describedByServer } from './target-reflection.ts';
import { methodNamed, methodsOfDescriptors, methodsOfProto, type TargetMethod } from './target-methods.ts';
import type { GrpcTarget } from './target.ts';

/** The caller's side of a gRPC server of the user's own: methods that take one message. */
export async function connectGrpcTarget(
  address: Address,
  { options, interaction, requests, tls }: TargetContext<GrpcOptions, GrpcTarget>,
): Promise<Connection> {
  assertTargetLibrary(options.client, 'grpc-js');
  const security = channelSecurity(address, tls);
  const methods = new Map<TargetRequest<GrpcTarget>, TargetMethod>();
  for (const request of requests.values())
    methods.set(request, await methodOf(address, request.settings, { interaction, security }));
  const sayingOf = byOperation({ requests }, (request) => writerOf(methods.get(request)!, request));
  const saying: Saying = {
    methodOf: (message) => sayingOf(message).method,
    bodyOf: (message) => sayingOf(message).body(message.envelope),
    metadataOf: (message) => sayingOf(message).metadata(message.envelope),
  };
  return openGrpcConnection(address, options, saying, security);
}

/** @throws CommbenchError child-failed where the message can't go out as it is written */
function writerOf(method: TargetMethod, { settings, seed }: TargetRequest<GrpcTarget>) {
  const message = parseValue(settings.message, seed, 'message');
  const [problem] = sampleProblems(method, message);
  if (problem) throw new CommbenchError('child-failed', `message: ${problem.message}`);
  const entries = Object.entries(settings.metadata).map(
    ([name, value]) => [name, parseText(value, seed, `metadata.${name}`)] as const,
  );
  return {
    method,
    body: (envelope: Envelope) => message(envelope) as object,
    metadata: (envelope: Envelope) =>
      metadataWith(
        entries.map(([name, value]) => [name, value(envelope)] as const),
        envelope,
      ),
  };
}

/** The method from the .proto, or from the server itself: never through a proxy, as reflection is not measured. */
async function methodOf(
  { url, given }: Address,
  { proto, include, method }: GrpcTarget,
  { interaction, security }: { readonly interaction: string; readonly security: ChannelSecurity },
): Promise<TargetMethod> {
  const service = method.slice(0, method.indexOf('/'));
  const methods =
    proto === undefined
      ? methodsOfDescriptors(await describedByServer(endpointOfGrpc(given ?? url), service, security))
      : methodsOfProto(proto, include);
  const found = methodNamed(methods, method, interaction);
  if ('problem' in found) throw new CommbenchError('child-failed', found.problem);
  return found.method;
}
