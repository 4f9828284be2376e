import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Message } from '../../../src/kernel/transport.ts';
import { restOptionsSchema } from '../../../src/transports/rest/options.ts';
import { connectRest } from '../../../src/transports/rest/client.ts';
import { rehearseRest } from '../../../src/transports/rest/rehearsal.ts';

const context = {
  interaction: 'request-reply',
  options: restOptionsSchema.parse({ connections: 4 }),
} as const;
const message: Message = {
  operation: 'echo',
  body: {},
  envelope: { trial: 0, stage: 'warm-up', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 },
};

it('a rehearsal answers everything, and leaves nothing open', async () => {
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
  const before = open();
  {
    await using connection = await rehearseRest(context);
    const results = await Promise.all(Array.from({ length: 200 }, () => connection.send(message)));
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['reply']));
  }
  // A socket of the client's is gone a turn of the loop after it was destroyed; the test's own bound ends this.
  while (open() > before) await new Promise((resolve) => void setImmediate(resolve));
});

it('every connection is opened beforehand, none amid the load', async () => {
  const opened: Socket[] = [];
  const server = createServer((socket) => {
    opened.push(socket);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  {
    await using connection = await connectRest({ url, path: '/' }, context);
    // The service notices a connection later than the caller.
    while (opened.length < 4) await once(server, 'connection');
    await Promise.all(Array.from({ length: 50 }, () => connection.send(message)));
    expect(opened).toHaveLength(4);
  }
  for (const socket of opened) socket.destroy();
  server.close();
});

it('a connection that can’t be opened yet is opened when it is needed', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await using connection = await connectRest({ url: `http://127.0.0.1:${port}`, path: '/' }, context);
  expect(await connection.send(message)).toMatchObject({ outcome: 'refused', noEffect: true });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // More than there are connections: each is opened again after the service closed it.
  for (let i = 0; i < 10; i++) expect(await connection.send(message)).toMatchObject({ kind: 'reply' });
  server.close();
});
