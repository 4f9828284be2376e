import {
  fromJSON,
  loadFileDescriptorSetFromBuffer,
  type MethodDefinition,
  type Options,
  type PackageDefinition,
} from '@grpc/proto-loader';
import { didYouMean } from '../../kernel/nearest.ts';
import { type LoadedProto, loadProto } from './load-proto.ts';

/** A method as the library reads it. */
export type TargetMethod = MethodDefinition<object, object>;

/** Messages are plain JSON values, named as in the .proto. */
const AS_JSON: Options = {
  keepCase: true,
  longs: String,
  enums: String,
  bytes: String,
  defaults: true,
  oneofs: true,
};

/**
 * Every method of a .proto file and its imports, by `package.Service/Method`.
 * @param include folders in which imports are searched first
 * @throws Error where it cannot be parsed
 */
export function methodsOfProto(
  proto: string,
  include?: readonly string[],
): ReadonlyMap<string, TargetMethod> {
  return methodsOfLoaded(loadProto(proto, include));
}

/** The same of files that were read before. */
export function methodsOfLoaded({ root }: LoadedProto): ReadonlyMap<string, TargetMethod> {
  return methodsIn(fromJSON(root.toJSON(), AS_JSON));
}

/** The same from a server's own description: an encoded FileDescriptorSet. */
export function methodsOfDescriptors(set: Buffer): ReadonlyMap<string, TargetMethod> {
  return methodsIn(loadFileDescriptorSetFromBuffer(set, AS_JSON));
}

function methodsIn(definitions: PackageDefinition): ReadonlyMap<string, TargetMethod> {
  const methods = new Map<string, TargetMethod>();
  for (const [service, definition] of Object.entries(definitions)) {
    // Messages and enums are in the same list; they have a format.
    if ('format' in definition) continue;
    for (const [name, method] of Object.entries(definition)) methods.set(`${service}/${name}`, method);
  }
  return methods;
}

/**
 * The method of this name, or the reason why it cannot be called.
 * @param interaction of the pattern: whether the method must answer with a stream
 */
export function methodNamed(
  methods: ReadonlyMap<string, TargetMethod>,
  name: string,
  interaction: string,
): { readonly method: TargetMethod } | { readonly problem: string } {
  const method = methods.get(name);
  if (!method) {
    const known = [...methods.keys()];
    return {
      problem: `Expected a method of the .proto, found ${name}. ${known.length > 0 ? didYouMean(name, known) : 'It has none.'}`,
    };
  }
  const isStreaming = interaction === 'server-stream';
  if (!method.requestStream && method.responseStream === isStreaming) return { method };
  const expected = isStreaming ? 'a method that answers with a stream' : 'a unary method';
  const found = method.requestStream
    ? 'takes a stream'
    : `answers with a ${method.responseStream ? 'stream' : 'message'}`;
  return { problem: `Expected ${expected}, as the pattern is ${interaction}, found ${name}, which ${found}` };
}
