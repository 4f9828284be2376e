import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlainHttp2, createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { loadPackageDefinition, Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TlsSettings } from '../../src/kernel/target-outlet.ts';
import type { Message, SendResult } from '../../src/kernel/transport.ts';
import { loadTransportDefinition } from '../../src/transports/discover.ts';
import { COMPLETE, nextOf, type SocketAnswer, startGraphqlSocket } from '../support/graphql/socket.ts';
import { type CertificateFiles, type Certificates, makeCertificates } from '../support/tls/certificates.ts';
import { wholeTransport } from '../support/whole-transport.ts';

const PROTO = path.join(import.meta.dirname, '../../scenarios/examples/own-service/orders.proto');

let made: Certificates;
beforeAll(async () => void (made = await makeCertificates()));
afterAll(() => made[Symbol.dispose]());

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const filesOf = ({ cert, key }: CertificateFiles) => ({ cert: readFileSync(cert), key: readFileSync(key) });
const trusting = (): TlsSettings => ({ ca: made.ca, insecure: false });

interface Reached {
  readonly tls?: TlsSettings;
  readonly settings?: object;
  readonly options?: object;
  /** Where the connection leads, in place of the URL's own host. */
  readonly through?: string;
}

async function connect(name: string, url: string, { tls, settings = {}, options = {}, through }: Reached) {
  const definition = await loadTransportDefinition(name);
  const transport = await wholeTransport({ parts: definition.parts });
  return transport.connectTarget!(
    { url: through ?? url, given: url },
    {
      options: definition.options.parse({ ...options }),
      interaction: 'request-reply',
      requests: new Map([['call', { settings: definition.target!.settings.parse(settings), seed: 5 }]]),
      ...(tls ? { tls } : {}),
    },
  );
}

const messageAt = (sequence: number): Message => {
  const envelope = { trial: 2, stage: 'measured', sequence, attempt: 1, key: 4, deadlineNs: 0 } as const;
  return { operation: 'call', body: null, envelope };
};
const said = (result: SendResult) =>
  result.kind === 'failure' ? `${result.outcome} ${result.status}: ${result.detail}` : result.kind;

describe('HTTPS', () => {
  const open = () =>
    portOf(createServer(filesOf(made.server), (_request, response) => void response.end('{"data":{}}')));

  test.each([
    ['rest', {}],
    ['graphql', { document: '{ a }' }],
  ])('answers %s', async (name, settings) => {
    await using connection = await connect(name, `https://localhost:${await open()}/`, {
      tls: trusting(),
      settings,
    });
    expect(said(await connection.send(messageAt(1)))).toBe('reply');
  });

  test('sends nothing to a server that is not trusted', async () => {
    const tls = { ca: made.otherCa, insecure: false };
    await using connection = await connect('rest', `https://localhost:${await open()}/`, { tls });
    expect(await connection.send(messageAt(1))).toMatchObject({ outcome: 'refused', noEffect: true });
  });

  test('sends nothing to a server of another name, also where the header `host` has that name', async () => {
    const port = await portOf(createServer(filesOf(made.elsewhere), (_request, response) => response.end()));
    await using connection = await connect('rest', `https://localhost:${port}/`, {
      tls: trusting(),
      settings: { headers: { host: 'shop.example' } },
    });
    expect(await connection.send(messageAt(1))).toMatchObject({ outcome: 'refused', noEffect: true });
  });

  test('verifies the name of the URL, not that of the proxy on the way', async () => {
    const port = await portOf(createServer(filesOf(made.elsewhere), (_request, response) => response.end()));
    const url = `https://shop.example:${port}/`;
    const through = `https://127.0.0.1:${port}/`;
    await using connection = await connect('rest', url, { tls: trusting(), through });
    expect(said(await connection.send(messageAt(1)))).toBe('reply');
  });

  test('takes whatever certificate where none is to be verified', async () => {
    const port = await portOf(createServer(filesOf(made.expired), (_request, response) => response.end()));
    await using connection = await connect('rest', `https://localhost:${port}/`, { tls: { insecure: true } });
    expect(said(await connection.send(messageAt(1)))).toBe('reply');
  });

  test('is refused by name for the library that has no settings for it', async () => {
    const reached = { tls: trusting(), options: { client: 'fetch' } };
    await expect(connect('rest', 'https://localhost:1/', reached)).rejects.toThrow(
      /fetch has no option for the `tls` settings/,
    );
  });
});

test('Kafka with TLS is refused by name for the library that takes one name for all brokers', async () => {
  const reached = {
    tls: trusting(),
    settings: { topic: 't', body: 'x' },
    options: { client: 'platformatic' },
  };
  await expect(connect('kafka', 'kafkas://localhost:1', reached)).rejects.toThrow(
    'A target cannot be driven by platformatic, only by kafkajs',
  );
});

describe('GraphQL over WebSocket', () => {
  const settings = {
    document: 'query T($n: Int!) { n(n: $n) }',
    variables: { n: '{{sequence}}' },
    headers: { 'x-tenant': 'ours' },
    connectionParams: { token: 't' },
  };
  const answers = ({ n }: { readonly n: number }): SocketAnswer[] => {
    if (n === 2) return [{ type: 'error', payload: [{ message: 'no such field' }] }];
    if (n === 3) return [COMPLETE];
    if (n === 4) return [{ close: 4403 }];
    return [nextOf({ n }), COMPLETE];
  };
  const open = () => startGraphqlSocket(answers, createServer(filesOf(made.server)));

  test('has one answer for each query, over one connection with TLS, which is opened again when it was lost', async () => {
    await using server = await open();
    const url = `wss://localhost:${server.port}/graphql`;
    await using connection = await connect('graphql', url, { tls: trusting(), settings });
    const results = [];
    for (const sequence of [1, 2, 3, 4, 5]) results.push(said(await connection.send(messageAt(sequence))));
    expect(results).toEqual([
      'reply',
      'error 0: no such field',
      'contract-broken 0: Expected a result before the end of the operation',
      'connection-lost 0: closed with 4403 Forbidden',
      'reply',
    ]);
    const { connections, logins, headers, heard } = server.seen;
    expect([connections, [...logins], [...headers], heard]).toEqual([2, ['t'], ['ours'], [1, 2, 3, 4, 5]]);
  });

  test('takes what an answer has for a later step of a flow', async () => {
    await using server = await open();
    const url = `wss://localhost:${server.port}/graphql`;
    await using connection = await connect('graphql', url, { tls: trusting(), settings });
    expect(await connection.send(messageAt(7))).toMatchObject({ kind: 'reply', body: { n: 7 } });
  });

  test('sends nothing to a server that is not trusted, nor to one that is not there', async () => {
    await using server = await open();
    const distrusting = { ca: made.otherCa, insecure: false };
    for (const [url, tls] of [
      [`wss://localhost:${server.port}/graphql`, { tls: distrusting }],
      ['ws://127.0.0.1:1/graphql', {}],
    ] as const) {
      await using connection = await connect('graphql', url, { ...tls, settings });
      expect(await connection.send(messageAt(1))).toMatchObject({
        outcome: 'refused',
        noEffect: true,
        isAway: true,
      });
    }
    expect(server.seen.heard).toEqual([]);
  });

  test('knows the name of the URL, also through a proxy', async () => {
    await using server = await startGraphqlSocket(answers, createServer(filesOf(made.elsewhere)));
    const through = `wss://127.0.0.1:${server.port}/graphql`;
    const url = `wss://shop.example:${server.port}/graphql`;
    await using connection = await connect('graphql', url, { tls: trusting(), settings, through });
    expect(said(await connection.send(messageAt(1)))).toBe('reply');
    expect([...server.seen.hosts]).toEqual([`shop.example:${server.port}`]);
  });

  test('ends its wait when it is cancelled', async () => {
    await using server = await startGraphqlSocket(() => [], createServer(filesOf(made.server)));
    const url = `wss://localhost:${server.port}/graphql`;
    await using connection = await connect('graphql', url, { tls: trusting(), settings });
    expect(said(await connection.send(messageAt(1), { signal: AbortSignal.timeout(300) }))).toMatch(
      /^timeout/,
    );
    expect(said(await connection.send(messageAt(1), { signal: AbortSignal.abort() }))).toMatch(/^timeout/);
  });

  test.each([
    [{ settings: { ...settings, httpVersion: 2 } }, /opened over HTTP\/1.1 only/],
    [{ settings, options: { client: 'fetch' } }, /cannot be driven by fetch, only by undici/],
    [
      { settings: { ...settings, headers: { 'x-id': '{{uuid}}' } } },
      /share the `headers` of its one handshake/,
    ],
  ])('is refused by name for what it cannot have: %#', async (reached, message) => {
    await expect(connect('graphql', 'ws://127.0.0.1:1/', reached)).rejects.toThrow(message);
  });

  test('alone has `connectionParams`', async () => {
    const reached = { settings: { ...settings, headers: {} } };
    await expect(connect('graphql', 'http://127.0.0.1:1/', reached)).rejects.toThrow(
      /over ws:\/\/ or wss:\/\/ only/,
    );
  });
});

describe('HTTP/2', () => {
  const heard = () => {
    const seen = { versions: new Set<string>(), ports: new Set<number | undefined>(), open: 0, most: 0 };
    const waiting: (() => void)[] = [];
    const listener = (
      { httpVersion, socket }: { httpVersion: string; socket: { remotePort?: number } },
      response: { end(text: string): void },
    ) => {
      seen.versions.add(httpVersion);
      seen.ports.add(socket.remotePort);
      seen.most = Math.max(seen.most, ++seen.open);
      // Answered together, once eight are here.
      waiting.push(() => response.end('{}'));
      if (waiting.length < 8) return;
      for (const answer of waiting.splice(0)) answer();
      seen.open = 0;
    };
    return { seen, listener };
  };

  test.each(['http', 'https'])('carries requests at once over one connection (%s)', async (scheme) => {
    const { seen, listener } = heard();
    const server =
      scheme === 'http'
        ? createPlainHttp2(listener as never)
        : createSecureServer(filesOf(made.server), listener as never);
    const url = `${scheme}://localhost:${await portOf(server)}/`;
    const tls = scheme === 'https' ? { tls: trusting() } : {};
    await using connection = await connect('rest', url, { ...tls, settings: { httpVersion: 2 } });
    const results = await Promise.all(Array.from({ length: 16 }, (_, i) => connection.send(messageAt(i))));
    expect(new Set(results.map(said))).toEqual(new Set(['reply']));
    expect([...seen.versions]).toEqual(['2.0']);
    expect(seen.ports.size).toBe(1);
    expect(seen.most).toBe(8);
  });
});

describe('gRPC over TLS', () => {
  /** Demands client certificates. */
  async function open(): Promise<{ port: number; names: string[] }> {
    const names: string[] = [];
    const { shop } = loadPackageDefinition(loadSync(PROTO, { keepCase: true })) as never as {
      shop: { Orders: { service: never } };
    };
    const server = new GrpcServer();
    server.addService(shop.Orders.service, {
      Place: (call: { getHost(): string }, reply: (error: null, body: object) => void) => {
        names.push(call.getHost());
        reply(null, { id: 'a', state: 'accepted' });
      },
    });
    const { cert, key } = filesOf(made.server);
    const credentials = ServerCredentials.createSsl(
      readFileSync(made.ca),
      [{ cert_chain: cert, private_key: key }],
      true,
    );
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
    ends.push(() => server.forceShutdown());
    return { port: await promise, names };
  }
  const settings = { proto: PROTO, method: 'shop.Orders/Place', message: { id: 'a', count: 1 } };

  test('answers who shows a certificate, by the name of the URL', async () => {
    const { port, names } = await open();
    const tls = { ...trusting(), ...made.client };
    const reached = { tls, settings };
    await using connection = await connect('grpc', `grpcs://localhost:${port}`, {
      ...reached,
      through: `grpcs://127.0.0.1:${port}`,
    });
    expect(said(await connection.send(messageAt(1)))).toBe('reply');
    expect(names).toEqual([`localhost:${port}`]);
  });

  test.each([
    ['no certificate', () => trusting()],
    ['one of another authority', () => ({ ...trusting(), ...made.otherClient })],
    ['trust in another authority', () => ({ ca: made.otherCa, insecure: false, ...made.client })],
  ])('fails with %s', async (_what, tlsOf) => {
    const { port, names } = await open();
    const reached = { tls: tlsOf(), settings };
    await using connection = await connect('grpc', `grpcs://localhost:${port}`, reached);
    expect((await connection.send(messageAt(1))).kind).toBe('failure');
    expect(names).toEqual([]);
  });
});
