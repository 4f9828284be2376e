import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Handler, Incoming, Message, SendResult } from '../../src/kernel/transport.ts';
import { loadTransportDefinition } from '../../src/transports/discover.ts';
import { refuseElsewhere } from '../../src/transports/kafka/target-topic.ts';
import { wholeTransport } from '../support/whole-transport.ts';
import { startReflecting } from './grpc/reflecting-server.ts';

const messageAt = (sequence: number): Message => {
  const envelope = { trial: 2, stage: 'measured', sequence, attempt: 1, key: 4, deadlineNs: 0 } as const;
  return { operation: 'call', body: null, envelope };
};

/** A connection as the generator gets one. */
async function connect(name: string, url: string, settings: object) {
  const { parts, options, target } = await loadTransportDefinition(name);
  const transport = await wholeTransport({ parts });
  return transport.connectTarget!(
    { url, given: url },
    {
      options: options.parse({}),
      interaction: 'request-reply',
      requests: new Map([['call', { settings: target!.settings.parse(settings), seed: 5 }]]),
    },
  );
}

const said = (result: SendResult) =>
  result.kind === 'failure' ? `${result.outcome} ${result.status}: ${result.detail}` : result.kind;

describe('an HTTP server', () => {
  const heard: { line: string; headers: Record<string, unknown>; body: string }[] = [];
  const ports = new Set<number | undefined>();
  let answer = { status: 200, body: '' };
  const hear = async (request: IncomingMessage) => {
    const { method, url, headers, socket } = request;
    ports.add(socket.remotePort);
    heard.push({ line: `${method} ${url}`, headers, body: await text(request) });
  };
  const server = createServer((request, response) => {
    void hear(request).then(() => response.writeHead(answer.status).end(answer.body));
  });
  const urlOf = () => `http://localhost:${(server.address() as AddressInfo).port}/orders?all=1`;
  beforeAll(async () => void (await once(server.listen(0, 'localhost'), 'listening')));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('gets what the target says, filled for each arrival, and nothing of ours', async () => {
    await using connection = await connect('rest', urlOf(), {
      path: '/orders/{{sequence}}',
      headers: { 'X-Key': 'k{{key}}' },
      body: { n: '{{sequence}}', who: 'user-{{random 1 9}}' },
    });
    heard.length = 0;
    for (const i of [3, 3, 4]) expect(said(await connection.send(messageAt(i)))).toBe('reply');
    const [first, again, other] = heard;
    expect(first).toEqual(again);
    expect(first).toMatchObject({
      line: 'POST /orders/3',
      headers: { host: new URL(urlOf()).host, 'content-type': 'application/json', 'x-key': 'k4' },
    });
    expect(Object.keys(first!.headers).toSorted()).toEqual(
      ['connection', 'content-length', 'content-type', 'host', 'x-key'].toSorted(),
    );
    expect(first!.body).toMatch(/^\{"n":3,"who":"user-[1-9]"\}$/);
    expect(other!.line).toBe('POST /orders/4');
  });

  test('the holes of a URL are filled like those of a path', async () => {
    await using connection = await connect(
      'rest',
      urlOf().replace('all=1', 'n={{sequence}}').replace('/orders', '/orders/{{random 7 7}}'),
      {},
    );
    await connection.send(messageAt(3));
    expect(heard.at(-1)!.line).toBe('GET /orders/7?n=3');
    const blanks = urlOf().replace('all=1', 'n={{random 8 8}}&all=a%20b');
    await using other = await connect('rest', blanks, {});
    await other.send(messageAt(3));
    expect(heard.at(-1)!.line).toBe('GET /orders?n=8&all=a%20b');
  });

  test.each(['HEAD', 'GET', 'DELETE'])('keeps its connection, whatever the method: %s', async (method) => {
    const body = method === 'HEAD' ? {} : { body: { q: 1 } };
    await using connection = await connect('rest', urlOf(), { method, ...body });
    answer = { status: 200, body: '' };
    ports.clear();
    for (const i of [1, 2, 3]) expect(said(await connection.send(messageAt(i)))).toBe('reply');
    expect(ports.size).toBe(1);
  });

  test.each([1, 2])('keeps its connection as the server says, for %i s', async (seconds) => {
    server.keepAliveTimeout = seconds * 1000;
    await using connection = await connect('rest', urlOf(), {});
    answer = { status: 200, body: '' };
    ports.clear();
    for (const i of [1, 2, 3]) expect(said(await connection.send(messageAt(i)))).toBe('reply');
    expect(ports.size).toBe(1);
    server.keepAliveTimeout = 5000;
  });

  test('without a body it is a GET of the URL itself, and any body will do', async () => {
    await using connection = await connect('rest', urlOf(), {});
    answer = { status: 202, body: '<html>' };
    expect(said(await connection.send(messageAt(0)))).toBe('reply');
    expect(heard.at(-1)).toMatchObject({ line: 'GET /orders?all=1', body: '' });
  });

  test('its answer counts by the success rule', async () => {
    const rule = { status: 200, contains: 'ok', equals: { 'order.state': 'open' } };
    await using connection = await connect('rest', urlOf(), { success: rule });
    const answers = async (status: number, body: string) => {
      answer = { status, body };
      return said(await connection.send(messageAt(1)));
    };
    expect(await answers(200, '{"order":{"state":"open"},"ok":1}')).toBe('reply');
    expect(await answers(201, '{"order":{"state":"open"},"ok":1}')).toBe(
      'error 201: HTTP 201; success.status requires 200',
    );
    expect(await answers(200, '{"order":{"state":"shut"},"ok":1}')).toMatch(
      /^contract-broken 200: Expected order.state/,
    );
    expect(await answers(200, 'no')).toMatch(
      /^contract-broken 200: Expected an answer with the text of success.contains/,
    );
  });
});

const hasIpv6 = Object.values(os.networkInterfaces())
  .flatMap((all) => all ?? [])
  .some(({ address }) => address === '::1');

test.skipIf(!hasIpv6)('connections are there before the first call by an IPv6 address, too', async () => {
  let opened = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => opened++);
  await once(server.listen(0, '::1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await using connection = await connect('rest', `http://[::1]:${port}/`, {});
  expect(said(await connection.send(messageAt(0)))).toBe('reply');
  await vi.waitFor(() => expect(opened).toBe(32));
  server.closeAllConnections();
  server.close();
});

test('a Kafka cluster of which a part is elsewhere is refused, as the load would go there', async () => {
  const here = { host: '127.0.0.1', port: 9092 };
  const there = { host: '192.0.2.1', port: 9092 };
  await expect(refuseElsewhere(here, [here, there])).rejects.toMatchObject({
    code: 'remote-target',
    message: expect.stringContaining('found 192.0.2.1:9092') as string,
  });
  await expect(refuseElsewhere(here, [here, { host: '::1', port: 9093 }])).resolves.toBeUndefined();
  // Reached where the URL says; allowed by name.
  await expect(refuseElsewhere(here, [there])).resolves.toBeUndefined();
  await expect(refuseElsewhere(there, [there, here])).resolves.toBeUndefined();
});

describe('a GraphQL endpoint', () => {
  const document =
    'mutation Create($email: String!, $name: String!) { createUser(email: $email, name: $name) { id } }';
  const headers = { 'x-commbench': '2.0.{{sequence}}.1.{{key}}.0' };
  const variables = { email: 'u{{sequence}}@example.org', name: 'User {{sequence}}' };
  const heard: Incoming[] = [];
  let body: unknown = { id: 'u-1', email: '', name: '', created_at: 1, status: 'ACTIVE' };
  const handler: Handler = async (message) => {
    heard.push(message);
    return { kind: 'done', body };
  };
  const serve = async () => {
    const { parts, options } = await loadTransportDefinition('graphql');
    return (await wholeTransport({ parts })).serve(handler, {
      options: options.parse({}),
      interaction: 'request-reply',
      concurrency: 4,
      subscriber: 0,
      address: undefined,
    });
  };

  test('gets the document with the variables of each arrival', async () => {
    await using server = await serve();
    const url = `${server.address.url}/graphql`;
    await using connection = await connect('graphql', url, { document, variables, headers });
    expect(said(await connection.send(messageAt(6)))).toBe('reply');
    expect(heard.at(-1)).toMatchObject({
      operation: 'createUser',
      body: { email: 'u6@example.org', name: 'User 6' },
      envelope: { sequence: 6, key: 4 },
    });
  });

  test('errors in a 200 are failures, and so is null where something must stand', async () => {
    await using server = await serve();
    const url = `${server.address.url}/graphql`;
    const success = { notNull: 'createUser.name' };
    await using strict = await connect('graphql', url, { document, variables, headers, success });
    expect(said(await strict.send(messageAt(7)))).toBe('contract-broken 200: Expected data.createUser.name');
    body = { email: 'no id' };
    await using connection = await connect('graphql', url, { document, variables, headers });
    expect(said(await connection.send(messageAt(8)))).toMatch(/^error 200: Cannot return null/);
    await using wrong = await connect('graphql', url, { document: '{ nope }', headers });
    expect(said(await wrong.send(messageAt(9)))).toMatch(/^error 200: Cannot query field "nope"/);
  });
});

describe('a gRPC server', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-proto-'));
  const proto = path.join(folder, 'shop.proto');
  writeFileSync(
    path.join(folder, 'common.proto'),
    'syntax = "proto3"; package common; enum Kind { NONE = 0; GIFT = 1; } message Empty {}',
  );
  writeFileSync(
    proto,
    `syntax = "proto3"; package shop; import "common.proto";
     message Order { string id = 1; int64 cents = 2; repeated string items = 3; common.Kind kind = 4; bool paid = 5; }
     service Orders { rpc Place(Order) returns (common.Empty); rpc Watch(Order) returns (stream Order); }`,
  );
  afterAll(() => rmSync(folder, { recursive: true }));
  const message = { id: '{{id}}', cents: '{{sequence}}', items: ['a', 'b{{key}}'], kind: 'GIFT', paid: true };
  const method = 'shop.Orders/Place';
  const service = 'grpc.reflection.v1.ServerReflection';

  test.each(['v1', 'v1alpha'])(
    'is called by its .proto and by what it says of itself (%s) alike',
    async (version) => {
      await using server = await startReflecting(proto, service.replace('v1', version));
      await using byProto = await connect('grpc', server.url, { proto, method, message });
      await using bySelf = await connect('grpc', server.url, { reflection: true, method, message });
      expect(said(await byProto.send(messageAt(12)))).toBe('reply');
      expect(said(await bySelf.send(messageAt(12)))).toBe('reply');
      expect(server.heard).toHaveLength(2);
      expect(server.heard[1]).toEqual(server.heard[0]);
      expect(server.heard[0]).toMatchObject({ cents: '12', items: ['a', 'b4'], kind: 'GIFT', paid: true });
      expect(server.asked.toSorted()).toEqual(['common.proto', 'shop.Orders']);
    },
  );

  test('a method that is not there, streams, or can’t be described is told', async () => {
    await using server = await startReflecting(proto, service);
    const found = (settings: object) =>
      connect('grpc', server.url, settings).then(
        () => 'connected',
        (error: Error) => error.message,
      );
    expect(await found({ proto, method: 'shop.Orders/Plaec' })).toMatch(
      /found shop.Orders\/Plaec\. Did you mean shop.Orders\/Place/,
    );
    expect(await found({ proto, method: 'shop.Orders/Watch' })).toMatch(/Expected a unary method/);
    expect(await found({ reflection: true, method: 'shop.Nobody/Place' })).toMatch(/no shop.Nobody/);
    expect(await found({ reflection: true, method, message: { idd: 'x' } })).toBe(
      'message: Expected a field of the .proto, or a value that its enum has, found idd: "x"',
    );
    expect(await found({ proto, method, message: { items: 'one' } })).toMatch(/items: array expected/);
    await using plain = await startReflecting(proto, 'another.Service');
    await expect(connect('grpc', plain.url, { reflection: true, method })).rejects.toThrow(
      /does not serve grpc.reflection/,
    );
  });

  test('a status that is not OK is a failure', async () => {
    const users = fileURLToPath(new URL('../../proto/user_service.proto', import.meta.url));
    const { parts, options } = await loadTransportDefinition('grpc');
    await using server = await (
      await wholeTransport({ parts })
    ).serve(async () => ({ kind: 'failed', status: 'not-found', noEffect: true, detail: 'nobody' }), {
      options: options.parse({}),
      interaction: 'request-reply',
      concurrency: 4,
      subscriber: 0,
      address: undefined,
    });
    const settings = { proto: users, method: 'user.UserService/GetUser', message: { id: 'u' } };
    const metadata = { 'x-commbench': '2.0.{{sequence}}.1.{{key}}.0' };
    await using connection = await connect('grpc', server.address.url, { ...settings, metadata });
    expect(said(await connection.send(messageAt(1)))).toBe('error 5: nobody');
  });
});
