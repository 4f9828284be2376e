import type { Handled } from '../../../src/kernel/contract.ts';
import type { Address, Connection, Handler, Message, StreamHandler } from '../../../src/kernel/transport.ts';
import { connectGrpc } from '../../../src/transports/grpc/client.ts';
import { type GrpcOptions, grpcOptionsSchema } from '../../../src/transports/grpc/options.ts';
import { serveGrpc } from '../../../src/transports/grpc/server.ts';

export type Settings = Partial<GrpcOptions>;

export function serve(handler: Handler, options: Settings = {}, stream?: StreamHandler, address?: Address) {
  return serveGrpc(handler, {
    options: grpcOptionsSchema.parse(options),
    interaction: stream ? 'server-stream' : 'request-reply',
    concurrency: 4,
    subscriber: 0,
    address,
    ...(stream ? { stream } : {}),
  });
}

export function connect(address: Address, options: Settings = {}): Promise<Connection> {
  return connectGrpc(address, {
    options: grpcOptionsSchema.parse(options),
    interaction: 'request-reply',
  });
}

export const echo: Handler = async ({ body }): Promise<Handled> => ({ kind: 'done', body });

export function messageOf(operation: string, body: unknown, sequence = 1): Message {
  const envelope = { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0 } as const;
  return { operation, body, envelope };
}
