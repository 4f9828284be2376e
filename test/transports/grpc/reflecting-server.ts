import path from 'node:path';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { fromJSON, loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';

/** Those messages of grpc.reflection that are exchanged here, by the numbers of its .proto. */
const REFLECTION = fromJSON({
  nested: {
    Request: { fields: { byName: { type: 'string', id: 3 }, bySymbol: { type: 'string', id: 4 } } },
    Files: { fields: { files: { rule: 'repeated', type: 'bytes', id: 1 } } },
    Refused: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
    Response: { fields: { files: { type: 'Files', id: 4 }, refused: { type: 'Refused', id: 7 } } },
    File: {
      fields: { name: { type: 'string', id: 1 }, imports: { rule: 'repeated', type: 'string', id: 3 } },
    },
  },
});
const type = (name: string) => REFLECTION[name] as MessageTypeDefinition<object, object>;

interface Asked {
  readonly byName?: string;
  readonly bySymbol?: string;
}

/** A gRPC server that describes itself, each file alone, and answers unary calls with what it was sent. */
export async function startReflecting(proto: string, name: string) {
  const definitions = loadSync(proto, { keepCase: true, longs: String, enums: String });
  const files = filesOf(definitions, proto);
  const asked: string[] = [];
  const heard: unknown[] = [];
  const server = new Server();
  server.addService(
    {
      info: {
        path: `/${name}/ServerReflectionInfo`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (value: object) => type('Request').serialize(value),
        requestDeserialize: (bytes: Buffer) => type('Request').deserialize(bytes),
        responseSerialize: (value: object) => type('Response').serialize(value),
        responseDeserialize: (bytes: Buffer) => type('Response').deserialize(bytes),
      },
    },
    {
      info: (stream: ServerDuplexStream<Asked, object>) => {
        stream.on('data', ({ byName, bySymbol }: Asked) => {
          asked.push(byName ?? bySymbol ?? '');
          const isKnown = bySymbol === undefined || bySymbol in definitions;
          const found = byName === undefined ? files.get(path.basename(proto)) : files.get(byName);
          stream.write(
            isKnown && found
              ? { files: { files: [found] } }
              : { refused: { code: 5, message: `no ${bySymbol}` } },
          );
        });
        stream.on('end', () => stream.end());
        stream.on('error', () => {});
      },
    },
  );
  for (const service of Object.values(definitions)) {
    if ('format' in service) continue;
    const answer = (call: { request: object }, reply: (error: null, value: object) => void) => {
      heard.push(call.request);
      reply(null, {});
    };
    server.addService(service, Object.fromEntries(Object.keys(service).map((method) => [method, answer])));
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(port),
  );
  const url = `grpc://127.0.0.1:${await promise}`;
  return { url, asked, heard, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

/** By name; the library leaves imports out of what it tells, so that the first file gets its own again. */
function filesOf(definitions: PackageDefinition, proto: string): Map<string, Buffer> {
  const [bytesOfAll = []] = Object.values(definitions).flatMap((any) => {
    return 'format' in any && Array.isArray(any.fileDescriptorProtos) ? [any.fileDescriptorProtos] : [];
  });
  const files = new Map(
    bytesOfAll.map((bytes) => [(type('File').deserialize(bytes) as { name: string }).name, bytes] as const),
  );
  const own = path.basename(proto);
  const imports = [...files.keys()].filter((name) => name !== own);
  return files.set(own, Buffer.concat([files.get(own)!, type('File').serialize({ imports })]));
}
