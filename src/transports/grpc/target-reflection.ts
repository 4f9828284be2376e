import { Client, type ClientDuplexStream } from '@grpc/grpc-js';
import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ChannelSecurity } from './secure-channel.ts';

/** Time for a server to describe itself. */
const DEADLINE_MS = 10_000;
/** Bound on the files that a service imports. */
const MAX_FILES = 1000;
/** Both have the same messages; the older name came first and is still the one that many serve. */
const SERVICES = ['grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];
const UNIMPLEMENTED = 12;

/**
 * The required fields of grpc/reflection/v1/reflection.proto and google/protobuf/descriptor.proto, by their numbers
 * (https://github.com/grpc/grpc-proto, https://protobuf.dev).
 */
const TYPES = fromJSON(
  {
    nested: {
      Request: {
        fields: {
          file_by_filename: { type: 'string', id: 3 },
          file_containing_symbol: { type: 'string', id: 4 },
        },
      },
      Files: { fields: { file_descriptor_proto: { rule: 'repeated', type: 'bytes', id: 1 } } },
      Refused: { fields: { error_code: { type: 'int32', id: 1 }, error_message: { type: 'string', id: 2 } } },
      Response: {
        fields: {
          file_descriptor_response: { type: 'Files', id: 4 },
          error_response: { type: 'Refused', id: 7 },
        },
      },
      File: {
        fields: { name: { type: 'string', id: 1 }, dependency: { rule: 'repeated', type: 'string', id: 3 } },
      },
      FileSet: { fields: { file: { rule: 'repeated', type: 'bytes', id: 1 } } },
    },
  },
  { keepCase: true, arrays: true },
);

interface Response {
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
  readonly error_response?: { readonly error_message?: string };
}
interface FileHead {
  readonly name: string;
  readonly dependency: readonly string[];
}

/**
 * A server's description of a service by grpc.reflection, with everything that its file imports: an encoded
 * FileDescriptorSet.
 * @param host and port
 * @throws CommbenchError child-failed: it does not serve reflection, lacks the service, or cannot be reached
 */
export async function describedByServer(
  host: string,
  service: string,
  { credentials, options }: ChannelSecurity,
): Promise<Buffer> {
  const client = new Client(host, credentials, options);
  try {
    for (const name of SERVICES) {
      const set = await describedBy(client, name, service);
      if (set) return set;
    }
  } finally {
    client.close();
  }
  throw new CommbenchError('child-failed', `${host} does not serve grpc.reflection`, {
    hint: 'Name the .proto file instead: `proto: FILE` in the target.',
  });
}

/** Undefined where the server does not serve reflection. */
async function describedBy(client: Client, name: string, service: string): Promise<Buffer | undefined> {
  const stream = client.makeBidiStreamRequest(
    `/${name}/ServerReflectionInfo`,
    (request: object) => typed('Request').serialize(request),
    (bytes: Buffer) => typed('Response').deserialize(bytes) as Response,
    { deadline: Date.now() + DEADLINE_MS },
  );
  const answers = stream[Symbol.asyncIterator]();
  try {
    return await filesOf(stream, answers, service);
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIMPLEMENTED) return undefined;
    if (error instanceof CommbenchError) throw error;
    throw notDescribed(service, (error as Error).message);
  } finally {
    stream.end();
    stream.cancel();
  }
}

/** The service's file, then each that one imports and that did not come along. */
async function filesOf(
  stream: ClientDuplexStream<object, Response>,
  answers: AsyncIterator<Response>,
  service: string,
): Promise<Buffer> {
  const files = new Map<string, Buffer>();
  const wanted: object[] = [{ file_containing_symbol: service }];
  const asked = new Set<string>();
  while (wanted.length > 0) {
    stream.write(wanted.pop()!);
    const { value, done } = await answers.next();
    if (done) throw notDescribed(service, 'the end of its answers');
    const found = value.file_descriptor_response;
    if (!found) throw notDescribed(service, value.error_response?.error_message);
    for (const bytes of found.file_descriptor_proto) {
      const { name, dependency } = typed('File').deserialize(bytes) as FileHead;
      files.set(name, bytes);
      asked.add(name);
      for (const needed of dependency) {
        if (asked.has(needed)) continue;
        asked.add(needed);
        wanted.push({ file_by_filename: needed });
      }
    }
    if (files.size > MAX_FILES) throw notDescribed(service, `more than ${MAX_FILES} files`);
  }
  return typed('FileSet').serialize({ file: [...files.values()] });
}

function notDescribed(service: string, why = 'nothing'): CommbenchError {
  return new CommbenchError(
    'child-failed',
    `Expected the target to describe ${service} by grpc.reflection, found ${why}`,
  );
}

function typed(name: string): MessageTypeDefinition<object, object> {
  return TYPES[name] as MessageTypeDefinition<object, object>;
}
