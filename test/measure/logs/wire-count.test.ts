import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp2, connect as connectHttp2 } from 'node:http2';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { connect as connectTls, createServer as createTls } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesSince, connectionsSince, openWireCount } from '../../../src/measure/logs/wire-count.ts';
import { makeCertificates } from '../../support/tls/certificates.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers with so many bytes once it has read so many, and ends. */
function exchange(socket: Socket, reads: number, writes: number): void {
  let seen = 0;
  socket.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen === reads) socket.end(Buffer.alloc(writes));
  });
}

describe('bytes on the wire', () => {
  it('are those of both sides of a connection, also when it is closed', async () => {
    const port = await listening(createServer((socket) => exchange(socket, 1000, 30_000)));
    using count = openWireCount();
    const client = connect(port, '127.0.0.1');
    client.write(Buffer.alloc(1000));
    expect((await buffer(client)).length).toBe(30_000);
    await new Promise((resolve) => (client.destroyed ? resolve(0) : client.once('close', resolve)));
    // This process is both: what one sent, the other received.
    expect(count.total()).toEqual({ sent: 31_000, received: 31_000 });
  });

  it('of a connection from before the count are not in it', async () => {
    const port = await listening(
      createServer((socket) => void socket.on('data', (data) => socket.write(data))),
    );
    const early = connect(port, '127.0.0.1');
    early.write('x');
    await once(early, 'data');
    using count = openWireCount();
    early.write('y'.repeat(500));
    await once(early, 'data');
    early.destroy();
    expect(count.total()).toEqual({ sent: 0, received: 0 });
  });

  it('are counted from a reading on', async () => {
    const port = await listening(
      createServer((socket) => void socket.on('data', (data) => socket.write(data))),
    );
    using count = openWireCount();
    const client = connect(port, '127.0.0.1');
    client.write('warm-up');
    await once(client, 'data');
    const before = count.total();
    client.write('y'.repeat(250));
    await once(client, 'data');
    client.destroy();
    expect(bytesSince(before, count.total())).toEqual({ sent: 500, received: 500 });
  });

  it('of HTTP/2, whose session takes the socket over, are those that a plain relay sees', async () => {
    const http2 = createHttp2((_request, response) => void response.end(Buffer.alloc(20_000)));
    const port = await listening(http2);
    const seen = { up: 0, down: 0 };
    // Made before the count: its own sockets on the way are not.
    const relayed = await listening(createServer((near) => relay(near, port, seen)));
    using count = openWireCount();
    const session = connectHttp2(`http://127.0.0.1:${relayed}`);
    for (let call = 0; call < 3; call++) {
      const request = session.request({ ':method': 'POST', ':path': '/' });
      request.end(Buffer.alloc(10_000));
      expect((await buffer(request)).length).toBe(20_000);
    }
    // Four sockets in this one process: the client's, both of the relay, the server's. Frames that nobody waits
    // for are still under way for a moment.
    await vi.waitFor(() => {
      const each = 2 * (seen.up + seen.down);
      expect(count.total()).toEqual({ sent: each, received: each });
    });
    expect(seen.up).toBeGreaterThan(30_000);
    expect(seen.down).toBeGreaterThan(60_000);
    session.destroy();
  });
});

describe('connections of a caller', () => {
  it.each(['TCP', 'TLS'])('are open at the start, opened since, or refused (%s)', async (kind) => {
    using made = await makeCertificates();
    const files = { cert: readFileSync(made.server.cert), key: readFileSync(made.server.key) };
    const server = kind === 'TLS' ? createTls(files) : createServer();
    server.on('connection', (socket: Socket) => socket.on('error', () => {}));
    const port = await listening(server);
    const open = async (): Promise<Socket> => {
      const at = { port, host: 'localhost' };
      const client = kind === 'TLS' ? connectTls({ ...at, ca: readFileSync(made.ca) }) : connect(at);
      await once(client, kind === 'TLS' ? 'secureConnect' : 'connect');
      return client;
    };
    using count = openWireCount();
    const clients = [await open(), await open()];
    const before = count.connects();
    clients.push(await open());
    const gone = connect(1, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => gone.once('close', resolve));
    expect(connectionsSince(before, count.connects())).toEqual({ atStart: 2, opened: 1, refused: 1 });
    await Promise.all(clients.map((client) => once(client.destroy(), 'close')));
    expect(connectionsSince(count.connects(), count.connects()).atStart).toBe(0);
  });
});

function relay(near: Socket, port: number, seen: { up: number; down: number }): void {
  const far = connect(port, '127.0.0.1');
  near.on('data', (chunk: Buffer) => {
    seen.up += chunk.length;
    far.write(chunk);
  });
  far.on('data', (chunk: Buffer) => {
    seen.down += chunk.length;
    near.write(chunk);
  });
  near.on('end', () => far.end());
  far.on('end', () => near.end());
  for (const socket of [near, far]) socket.on('error', () => {});
}
