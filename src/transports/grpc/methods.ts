import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import type { GrpcOptions } from './options.ts';

/** Both the source and the compiled file are at this depth below the folder with `proto`. */
const PROTO_FOLDER = fileURLToPath(new URL('../../../proto/', import.meta.url));
const PROTO_FILES = ['user_service.proto', 'commbench.proto'];

/** The wire form of one operation; both sides read it from the same .proto files. */
export interface Method {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly responseStream: boolean;
  /** @throws Error where a field has another type than the message */
  readonly requestSerialize: (body: object) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (body: object) => Buffer;
  /** @throws Error where the bytes are not such a message */
  readonly responseDeserialize: (bytes: Buffer) => object;
}

type Encoding = GrpcOptions['encoding'];

/**
 * The methods by their operation: `createUser` is CreateUser, in whichever service.
 * @param version of the contract, whose folder has the files that it changes; absent: the first
 */
export function loadMethods(encoding: Encoding, version?: string): ReadonlyMap<string, Method> {
  const definitions = loadProto(version);
  const methods = new Map<string, Method>();
  for (const definition of Object.values(definitions)) {
    // Messages and enums are in the same list; they have a format.
    if ('format' in definition) continue;
    for (const method of Object.values(definition))
      methods.set(method.originalName!, encoding === 'json' ? inJson(method) : method);
  }
  return methods;
}

/** The .proto files as descriptors, each a `FileDescriptorProto` in its binary form. */
export function loadDescriptors(version?: string): readonly Uint8Array[] {
  // Each message and each enum has all of them.
  const [all] = Object.values(loadProto(version)).flatMap((definition) =>
    'format' in definition ? [definition.fileDescriptorProtos as readonly Uint8Array[]] : [],
  );
  return all!;
}

function loadProto(version: string | undefined): ReturnType<typeof loadSync> {
  const changed = version === undefined ? [] : [join(PROTO_FOLDER, 'versions', version)];
  return loadSync(PROTO_FILES, {
    includeDirs: [...changed, PROTO_FOLDER],
    // Bodies are the same plain JSON as over every other transport.
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
  });
}

/** gRPC carries any bytes as a message: the same methods, with the bytes that REST would send. */
function inJson({ path, responseStream }: Method): Method {
  return {
    path,
    responseStream,
    requestSerialize: toJson,
    requestDeserialize: fromJson,
    responseSerialize: toJson,
    responseDeserialize: fromJson,
  };
}

function toJson(body: object): Buffer {
  return Buffer.from(JSON.stringify(body));
}

function fromJson(bytes: Buffer): object {
  const body: unknown = JSON.parse(bytes.toString());
  if (typeof body !== 'object' || body === null)
    throw new Error(`Expected a JSON object, found ${String(body)}`);
  return body;
}
