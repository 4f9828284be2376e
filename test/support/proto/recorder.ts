import { existsSync } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** A gRPC server of every unary method of .proto files, which decodes what it is sent by those files alone. */
export interface ProtoRecorder extends AsyncDisposable {
  readonly url: string;
  /** Messages by method, as plain values. */
  readonly heard: ReadonlyMap<string, readonly object[]>;
  readonly refusals: readonly string[];
}

/** @param folders in which imports lie; what is in none of them is passed over */
export async function startProtoRecorder(file: string, folders: readonly string[]): Promise<ProtoRecorder> {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => {
    if (target.startsWith('/')) return target;
    return folders.map((folder) => `${folder}/${target}`).find(existsSync) ?? null;
  };
  await root.load(file, { keepCase: true });
  const heard = new Map<string, object[]>();
  const refusals: string[] = [];
  const server = new Server();
  for (const service of servicesIn(root)) {
    const name = service.fullName.slice(1);
    const unary = service.methodsArray.filter((method) => !method.requestStream && !method.responseStream);
    if (unary.length === 0) continue;
    const definition = unary.map((method) => [method.name, plain(`/${name}/${method.name}`)] as const);
    const handlers = unary.map((method) => {
      const type = service.lookupType(method.requestType);
      const handle = ({ request }: { request: Buffer }, reply: (error: null, bytes: Buffer) => void) => {
        const message = type.decode(request);
        const problem =
          type.verify(message) ??
          (type.encode(message).finish().length === request.length ? undefined : 'it has unknown fields');
        if (problem) refusals.push(`${name}/${method.name}: ${problem}`);
        const list = heard.get(`${name}/${method.name}`) ?? [];
        heard.set(`${name}/${method.name}`, [
          ...list,
          type.toObject(message, { longs: String, enums: String, bytes: String, oneofs: true }),
        ]);
        // An empty answer lacks what a message of proto2 requires.
        reply(null, method.requestType === method.responseType ? request : Buffer.alloc(0));
      };
      return [method.name, handle] as const;
    });
    server.addService(Object.fromEntries(definition) as never, Object.fromEntries(handlers) as never);
  }
  const bound = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
    error ? bound.reject(error) : bound.resolve(at),
  );
  const port = await bound.promise;
  return {
    url: `grpc://127.0.0.1:${port}`,
    heard,
    refusals,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

function servicesIn(space: protobuf.NamespaceBase): protobuf.Service[] {
  return space.nestedArray.flatMap((one) => {
    if (one instanceof protobuf.Service) return [one];
    return one instanceof protobuf.Namespace ? servicesIn(one) : [];
  });
}

/** Bytes in, bytes out. */
function plain(path: string) {
  const asIs = (bytes: Buffer) => bytes;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}
