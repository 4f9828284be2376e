import { once } from 'node:events';
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, Socket } from 'node:net';
import diagnostics from 'node:diagnostics_channel';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { Connection, SendResult } from '../../../src/kernel/transport.ts';
import { connect, echo, messageOf, serve } from './grpc-bench.ts';

const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
const CALL = messageOf('echo', { payload: 'x' });

/** A server of plain HTTP/2 that answers a call with anything, and a connection to it. */
async function open(answer: (stream: ServerHttp2Stream) => void) {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => void sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined);
    stream.on('end', () => answer(stream)).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = await connect({ url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return {
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      for (const session of sessions) session.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function answerWith(body: Buffer, trailers: Record<string, string>) {
  return (stream: ServerHttp2Stream): void => {
    stream.respond(HEADERS, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(body);
  };
}

/** A message as gRPC frames it: not compressed, its length, its bytes. */
function framed(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** A port of loopback on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Sends until it is answered; the test's own bound ends it. */
async function sendUntilReply(connection: Connection): Promise<SendResult> {
  for (;;) {
    const result = await connection.send(CALL);
    if (result.kind === 'reply') return result;
    expect(result).toMatchObject({ outcome: 'refused', noEffect: true });
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

describe('the gRPC client', () => {
  it('is refused where nobody listens, and comes back when somebody does', async () => {
    const url = `grpc://127.0.0.1:${await freePort()}`;
    await using connection = await connect({ url });
    expect(await connection.send(CALL)).toMatchObject({
      outcome: 'refused',
      noEffect: true,
      status: status.UNAVAILABLE,
    });
    await using server = await serve(echo, {}, undefined, { url });
    expect(server.address.url).toBe(url);
    expect(await sendUntilReply(connection)).toMatchObject({ body: { payload: 'x' } });
  });

  it.each([
    ['a reset of the stream', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['a stream cancelled', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_CANCEL)],
    ['a stream refused', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['an end without status', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_NO_ERROR)],
    ['a connection reset', (stream: ServerHttp2Stream) => void stream.session!.socket.resetAndDestroy()],
    ['a connection closed', (stream: ServerHttp2Stream) => stream.session!.destroy()],
  ])('does not know what became of a call after %s, and never sends it again', async (_what, end) => {
    let calls = 0;
    await using peer = await open((stream) => {
      calls++;
      end(stream);
    });
    const result = await peer.connection.send(CALL);
    expect(result).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
    expect(calls).toBe(1);
  });

  it.each([
    ['bytes that are no message', answerWith(framed(Buffer.from([0xff])), { 'grpc-status': '0' })],
    ['a status without a message', answerWith(Buffer.alloc(0), { 'grpc-status': '0' })],
  ])('finds the contract broken by %s', async (_what, answer) => {
    await using peer = await open(answer);
    const result = await peer.connection.send(CALL);
    expect(result).toMatchObject({ kind: 'failure', outcome: 'contract-broken', noEffect: false });
  });

  it.each([
    ['a status of its library', { 'grpc-status': '12', 'grpc-message': 'theirs', ...HEADERS }, 12],
    ['no gRPC at all', { ':status': 503 }, 14],
  ])('reads no promise into %s', async (_what, headers, code) => {
    await using peer = await open((stream) => stream.respond(headers, { endStream: true }));
    const result = await peer.connection.send(CALL);
    expect(result).toMatchObject({ kind: 'failure', outcome: 'error', noEffect: false, status: code });
  });

  it('promises nothing of a call that is cancelled in the turn in which it was sent', async () => {
    await using server = await serve(echo);
    await using connection = await connect(server.address);
    const wait = new AbortController();
    const sent = connection.send(CALL, { signal: wait.signal });
    wait.abort();
    expect(await sent).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
  });

  it('refuses calls past its bound without sending them', async () => {
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    await using server = await serve(async ({ body }) => {
      calls++;
      await gate.promise;
      return { kind: 'done', body };
    });
    await using connection = await connect(server.address, { maxOpenCalls: 2 });
    const sent = [1, 2, 3].map(() => connection.send(CALL));
    expect(await sent[2]).toMatchObject({ kind: 'failure', outcome: 'refused', noEffect: true });
    gate.resolve();
    expect((await Promise.all(sent)).map((result) => result.kind)).toEqual(['reply', 'reply', 'failure']);
    expect(calls).toBe(2);
    expect(await connection.send(CALL)).toMatchObject({ kind: 'reply' });
  });

  it('opens as many connections as it has channels beforehand, and spreads the calls over them', async () => {
    const peers = new Set<Socket>();
    const opened = ({ socket }: { socket: Socket }): void => void peers.add(socket);
    diagnostics.subscribe('net.server.socket', opened as never);
    try {
      await using server = await serve(echo);
      await using connection = await connect(server.address, { channels: 3 });
      expect(peers.size).toBe(3);
      const before = [...peers].map((socket) => socket.bytesRead);
      const calls = Array.from({ length: 30 }, (_, i) => messageOf('echo', { payload: 'x' }, i));
      await Promise.all(calls.map((call) => connection.send(call)));
      expect(peers.size).toBe(3);
      const grown = [...peers].map((socket, i) => socket.bytesRead - before[i]!);
      for (const bytes of grown) expect(bytes).toBeGreaterThan(0);
    } finally {
      diagnostics.unsubscribe('net.server.socket', opened as never);
    }
  });

  it('leaves Nagle off on both sides', async () => {
    const probe = createTcpServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const socket = new Socket().connect((probe.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    // What libuv is told, whichever way Node or the library takes to it.
    const tcp = Object.getPrototypeOf((socket as unknown as { _handle: object })._handle) as {
      setNoDelay: (this: object, on: boolean) => number;
    };
    socket.destroy();
    probe.close();
    const real = tcp.setNoDelay;
    const set = new Map<object, boolean>();
    tcp.setNoDelay = function (on) {
      set.set(this, on);
      return real.call(this, on);
    };
    try {
      await using server = await serve(echo);
      await using connection = await connect(server.address);
      expect(await connection.send(CALL)).toMatchObject({ kind: 'reply' });
      expect([...set.values()]).toEqual([true, true]);
    } finally {
      tcp.setNoDelay = real;
    }
  });
});
