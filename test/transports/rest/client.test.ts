import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MAX_REPLY_BYTES } from '../../../src/transports/http/dialect.ts';
import { connectRest } from '../../../src/transports/rest/client.ts';
import { restOptionsSchema } from '../../../src/transports/rest/options.ts';
import { createUser } from '../../support/messages.ts';

const CLIENTS = ['undici', 'fetch'] as const;

/** A server of plain HTTP, and one connection to it. */
async function openBy(
  client: (typeof CLIENTS)[number],
  answer: RequestListener,
  detail: { path?: string } = {},
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...detail };
  const connection = await connectRest(address, {
    options: restOptionsSchema.parse({ client, connections: 1 }),
    interaction: 'request-reply',
  });
  return {
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** JSON of exactly so many bytes. */
const jsonOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

describe.each(CLIENTS)('the REST client by %s', (client) => {
  const open = (answer: RequestListener, detail?: { path?: string }) => openBy(client, answer, detail);

  it('reads a reply of the greatest size, in however many pieces', async () => {
    await using rest = await open((_request, response) => void response.end(jsonOf(MAX_REPLY_BYTES)));
    const result = await rest.connection.send(createUser(1));
    expect(result).toMatchObject({ kind: 'reply', body: 'x'.repeat(MAX_REPLY_BYTES - 2) });
  });

  it('breaks off a reply past that: its contract is broken, and the next call is served', async () => {
    const brokenOff = Promise.withResolvers<boolean>();
    let requests = 0;
    await using rest = await open((_request, response) => {
      if (++requests > 1) return void response.end('{}');
      response.once('close', () => brokenOff.resolve(!response.writableFinished));
      // One byte too many, and then never an end.
      response.write(jsonOf(MAX_REPLY_BYTES + 1));
    });
    expect(await rest.connection.send(createUser(1))).toMatchObject({
      kind: 'failure',
      outcome: 'contract-broken',
      noEffect: false,
      status: 200,
      detail: `Expected a reply of at most ${MAX_REPLY_BYTES} bytes`,
    });
    expect(await brokenOff.promise).toBe(true);
    expect(await rest.connection.send(createUser(2))).toMatchObject({ kind: 'reply', body: {} });
  });

  it('does not know what became of a call whose connection was lost', async () => {
    await using rest = await open((request) => void request.socket.destroy());
    const result = await rest.connection.send(createUser(1));
    expect(result).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
  });

  it.each([
    [200, { kind: 'reply', body: undefined }],
    [500, { kind: 'failure', outcome: 'error', status: 500, noEffect: false }],
  ])("lets a target of the user's own answer %d with as much as it likes", async (status, expected) => {
    const answer: RequestListener = (_request, response) => {
      response.writeHead(status);
      response.end('x'.repeat(3 * MAX_REPLY_BYTES));
    };
    await using rest = await open(answer, { path: '/theirs' });
    for (let i = 0; i < 2; i++) expect(await rest.connection.send(createUser(i))).toMatchObject(expected);
  });

  it("believes no promise in a target's reply", async () => {
    await using rest = await open(
      (_request, response) => {
        response.writeHead(503);
        response.end('{"error": "theirs", "effect": "none"}');
      },
      { path: '/theirs' },
    );
    const result = await rest.connection.send(createUser(1));
    expect(result).toMatchObject({ outcome: 'error', noEffect: false, detail: 'HTTP 503' });
  });
});

describe('fetch as the client', () => {
  it('breaks off an answer whose length is not stated', async () => {
    const brokenOff = Promise.withResolvers<boolean>();
    await using rest = await openBy('fetch', (_request, response) => {
      response.once('close', () => brokenOff.resolve(!response.writableFinished));
      const timer = setInterval(() => response.write('x'.repeat(MAX_REPLY_BYTES / 4)), 1);
      response.once('close', () => clearInterval(timer));
    });
    expect(await rest.connection.send(createUser(1))).toMatchObject({ outcome: 'contract-broken' });
    expect(await brokenOff.promise).toBe(true);
  });

  it('has no more requests under way than it may have connections; the others wait', async () => {
    let most = 0;
    let open = 0;
    await using rest = await openBy('fetch', (_request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end('{}');
      }, 5);
    });
    const results = await Promise.all([1, 2, 3].map((i) => rest.connection.send(createUser(i))));
    expect(results.map(({ kind }) => kind)).toEqual(['reply', 'reply', 'reply']);
    expect(most).toBe(1);
  });
});
