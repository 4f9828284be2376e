import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { definition } from '../../../src/transports/grpc/index.ts';
import { loadMethods } from '../../../src/transports/grpc/methods.ts';
import { connect, messageOf, type Settings } from './grpc-bench.ts';

type EchoCall = ServerUnaryCall<object, object>;
const CALL = messageOf('echo', { payload: 'x' });
const RETRY = {
  attempts: 4,
  initialBackoffMs: 1,
  maxBackoffMs: 2,
  multiplier: 2,
  codes: ['UNAVAILABLE' as const],
};

/** A server of the library that answers its n-th call (from 0) with this status, and a connection to it. */
async function open(answer: (n: number) => status, options: Settings) {
  const method = loadMethods('protobuf').get('echo')!;
  const server = new Server();
  /** What each call says of earlier attempts. */
  const calls: unknown[] = [];
  const handle = ({ metadata, request }: EchoCall, respond: sendUnaryData<object>): void => {
    const code = answer(calls.length);
    calls.push(metadata.get('grpc-previous-rpc-attempts')[0] ?? null);
    if (code === status.OK) respond(null, request);
    else respond({ code, details: 'not now' });
  };
  server.register(method.path, handle, method.responseSerialize, method.requestDeserialize, 'unary');
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const connection = await connect({ url: `grpc://127.0.0.1:${port}` }, options);
  return {
    connection,
    calls,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      server.forceShutdown();
    },
  };
}

const firstTwo = (n: number): status => (n < 2 ? status.UNAVAILABLE : status.OK);

describe("gRPC's own retries", () => {
  it('are off unless asked for', async () => {
    await using peer = await open(firstTwo, {});
    expect(await peer.connection.send(CALL)).toMatchObject({ outcome: 'error', status: status.UNAVAILABLE });
    expect(peer.calls).toEqual([null]);
  });

  it('are seen at the service only: one call of ours, three of the library', async () => {
    await using peer = await open(firstTwo, { retry: RETRY });
    expect(await peer.connection.send(CALL)).toMatchObject({ kind: 'reply', body: { payload: 'x' } });
    expect(peer.calls).toEqual([null, '1', '2']);
  });

  it('end after as many attempts as were asked for, and then promise nothing', async () => {
    await using peer = await open(() => status.UNAVAILABLE, { retry: { ...RETRY, attempts: 3 } });
    const result = await peer.connection.send(CALL);
    expect(result).toMatchObject({ outcome: 'error', noEffect: false, status: status.UNAVAILABLE });
    expect(peer.calls).toEqual([null, '1', '2']);
  });

  it('repeat only the statuses that were named', async () => {
    await using peer = await open(() => status.INTERNAL, { retry: RETRY });
    expect(await peer.connection.send(CALL)).toMatchObject({ outcome: 'error', status: status.INTERNAL });
    expect(peer.calls).toHaveLength(1);
  });

  it('leave a call unknown that found nobody in the end: an earlier attempt may have', async () => {
    const port = await closedPort();
    await using connection = await connect({ url: `grpc://127.0.0.1:${port}` }, { retry: RETRY });
    expect(await connection.send(CALL)).toMatchObject({ outcome: 'connection-lost', noEffect: false });
  });

  it('make the guarantee another one', () => {
    const { statements, options } = definition;
    const given = options.parse({ retry: {} });
    expect(statements.guarantee(given, 'request-reply').delivery).toBe('at-least-once');
    expect(statements.fairness(given, 'request-reply')['retries']).toContain(
      'up to 4 attempts by the library itself',
    );
  });
});

/** A port of loopback on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
