import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCatalogue } from '../../../src/transports/discover.ts';
import type { CommbenchError } from '../../../src/kernel/errors.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-targets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HEAD = `name: own
title: Targets of one's own
patterns:
  - { id: http, title: HTTP, transport: rest, interaction: request-reply }
  - { id: rpc, title: RPC, transport: grpc, interaction: request-reply }
  - { id: gql, title: GraphQL, transport: graphql, interaction: request-reply }
targets:
`;

/** What is told of a file, each problem as line, path and message. */
async function problemsOf(text: string): Promise<string[]> {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, text);
  const error = await loadScenario(file, [], await loadCatalogue()).catch((one: CommbenchError) => one);
  if (!('message' in error)) return [];
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replaceAll(`${folder}/`, '').replace('s.yaml:', ''));
}

test('all mistakes of all targets are told at once, each with its line and path', async () => {
  const text = `${HEAD}  http:
    url: ftp://127.0.0.1/x
    methd: POST
    ready: { port: 1, line: up }
    body: { n: '{{random 9 1}}', x: ['{{sequnce}}'] }
    success: { status: 2yy }
  rpc:
    url: http://127.0.0.1:50051
    proto: missing.proto
    method: shop.Orders/Place
    cwd: elsewhere
  gql:
    url: http://ana:s3cret@127.0.0.1:1/graphql
    document: '{ broken'
  htpp:
    url: http://127.0.0.1/
`;
  const told = await problemsOf(text);
  expect(told).toEqual([
    '9:10 targets.http.url: Expected a URL that begins with http:// or https://, found ftp://127.0.0.1/x',
    expect.stringMatching(
      /^10:5 targets.http.methd: Expected one of method, .*found methd\. Did you mean method\?/,
    ),
    '11:12 targets.http.ready: url, port and line exclude each other: keep one of them',
    expect.stringMatching(/^12:16 targets.http.body.n: .*found \{\{random 9 1\}\}/),
    expect.stringMatching(/^12:38 targets.http.body.x\[0\]: .*Did you mean sequence\?/),
    expect.stringMatching(/^13:24 targets.http.success.status: .*found "2yy"/),
    '16:12 targets.rpc.proto: missing.proto: file not found',
    '18:10 targets.rpc.cwd: cwd needs a `command`',
    expect.stringMatching(
      /^20:10 targets.gql.url: Expected a URL without user and password, found http:\/\/\*\*\*@/,
    ),
    expect.stringMatching(/^21:15 targets.gql.document: Expected a GraphQL document, found Syntax Error/),
    '23:5 targets.htpp: Expected the id of a pattern (http, rpc, gql), found htpp',
  ]);
});

test.each([
  [
    '    proto: a.proto\n    reflection: true\n    method: a.B/C\n',
    'either `proto: FILE` or `reflection: true`',
  ],
  ['    proto: a.proto\n    method: a.B/D\n', 'found a.B/D. Did you mean a.B/C?'],
  ['    proto: a.proto\n    method: D\n', 'Expected package.Service/Method, found "D"'],
  ['    proto: bad.proto\n    method: a.B/C\n', 'Expected a .proto file that can be read, found'],
  [
    '    proto: a.proto\n    method: a.B/C\n    message: { more: { knd: GIFT } }\n',
    '12:29 targets.rpc.message.more.knd: Expected a field of the .proto, or a value that its enum has, found more.knd: "GIFT"',
  ],
  ['    proto: a.proto\n    method: a.B/C\n    message: { kind: GFIT }\n', 'found kind: "GFIT"'],
  ['    proto: a.proto\n    method: a.B/C\n    message: { list: 1 }\n', 'list: array expected'],
])('of gRPC: %j', async (fields, message) => {
  const fieldsOfM = 'Kind kind = 1; repeated int32 list = 2; M more = 3;';
  const proto = `syntax = "proto3"; package a; enum Kind { NONE = 0; GIFT = 1; } message M { ${fieldsOfM} } service B { rpc C(M) returns (M); }`;
  writeFileSync(path.join(folder, 'a.proto'), proto);
  writeFileSync(path.join(folder, 'bad.proto'), 'message {');
  expect((await problemsOf(`${HEAD}  rpc:\n    url: grpc://127.0.0.1:1\n${fields}`)).join()).toContain(
    message,
  );
});

test('a message of gRPC is right with holes, defaults and what only the environment knows', async () => {
  const proto =
    'syntax = "proto3"; package a; message M { string s = 1; int64 n = 2; bool b = 3; map<string, int32> m = 4; } service B { rpc C(M) returns (M); }';
  writeFileSync(path.join(folder, 'a.proto'), proto);
  const rpc = '  rpc:\n    url: grpc://127.0.0.1:1\n    proto: a.proto\n    method: a.B/C\n';
  const right = "    message: { s: '{{id}}', n: '{{sequence}}', b: false, m: { x: 0 } }\n";
  expect(await problemsOf(HEAD + rpc + right)).toEqual([]);
  expect(await problemsOf(`${HEAD}${rpc}    message: { s: '{{env COMMBENCH_NO_SUCH}}' }\n`)).toEqual([]);
});

test('a URL of TLS is right, and its files are those from where the scenario stands', async () => {
  expect(await problemsOf(`${HEAD}  http: { url: https://127.0.0.1:8443/ }\n`)).toEqual([]);
  const tls = '{ ca: certs/ca.pem, cert: client.pem }';
  const told = await problemsOf(`${HEAD}  http: { url: https://127.0.0.1:8443/, tls: ${tls} }\n`);
  expect(told).toEqual([expect.stringMatching(/^8:\d+ targets.http.tls: Give cert and key together$/)]);
  const missing = await problemsOf(`${HEAD}  http: { url: https://127.0.0.1/, tls: { ca: certs/ca.pem } }\n`);
  expect(missing).toEqual(['8:47 targets.http.tls.ca: certs/ca.pem: file not found']);
});

test.each([
  [
    'http',
    '{ url: "http://ana:{{env PW}}@127.0.0.1:1/" }',
    "use headers: { authorization: 'Bearer {{env TOKEN}}' }",
  ],
  ['rpc', '{ url: "grpc://ana@127.0.0.1:1", reflection: true, method: a.B/C }', 'use metadata:'],
  ['gql', '{ url: "https://ana:x@127.0.0.1:1/", document: "{ a }" }', 'use headers:'],
  ['topic', '{ url: "kafkas://ana:x@127.0.0.1:1", topic: t, body: 1 }', 'use sasl:'],
  [
    'queue',
    '{ url: "amqp://ana:s3cret@127.0.0.1:1", queue: q, body: 1 }',
    'write {{env PASSWORD}} in its place',
  ],
])('a user and password in the URL of %s', async (id, target, words) => {
  const more = [
    '  - { id: topic, title: T, transport: kafka, interaction: publish-subscribe }',
    '  - { id: queue, title: Q, transport: rabbitmq, interaction: work-queue }',
  ];
  const text = HEAD.replace('targets:', `${more.join('\n')}\ntargets:`);
  const told = await problemsOf(`${text}  ${id}: ${target}\n`);
  expect(told).toEqual([expect.stringContaining(words)]);
  expect(told.join()).not.toContain('s3cret');
});

test('paths are those from where the scenario stands, and a program starts there', async () => {
  const proto = 'syntax = "proto3"; package a; message M {} service B { rpc C(M) returns (M); }';
  writeFileSync(path.join(folder, 'a.proto'), proto);
  const file = path.join(folder, 's.yaml');
  const rpc =
    '  rpc:\n    url: grpc://127.0.0.1:1\n    proto: a.proto\n    method: a.B/C\n    command: serve\n';
  writeFileSync(file, HEAD + rpc);
  const { scenario } = await loadScenario(path.relative(process.cwd(), file), [], await loadCatalogue());
  expect(scenario.targets['rpc']).toMatchObject({ proto: path.join(folder, 'a.proto'), cwd: folder });
});

test('faults of connections may be on the target, others not', async () => {
  const faults = (fault: string) => `${HEAD}  http: { url: http://127.0.0.1:1/ }\nfaults:\n  - ${fault}\n`;
  const at = 'atMs: 100, forMs: 100';
  expect(await problemsOf(faults(`{ do: reset, on: target, ${at} }`))).toEqual([]);
  expect((await problemsOf(faults(`{ do: kill, on: target, ${at} }`))).join()).toContain('found target');
  const without = faults(`{ do: reset, on: target, ${at} }`)
    .replace('targets:\n', '')
    .replace(/ {2}http: .*\n/, '');
  expect((await problemsOf(without)).join()).toContain('expected an edge');
});

test('a queue of one’s own answers nobody, and a stream has a number of items', async () => {
  const text = (interaction: string, transport: string, target: string) =>
    `name: own\ntitle: T\ncontract: users\nmix: [{ operation: ${interaction === 'server-stream' ? 'streamUserEvents' : 'createUser'} }]\npatterns:\n  - { id: own, title: T, transport: ${transport}, interaction: ${interaction} }\ntargets:\n  own: ${target}\n`;
  const queue = '{ url: amqp://127.0.0.1:1, queue: q, body: { id: 1 } }';
  expect(await problemsOf(text('request-reply', 'rabbitmq', queue))).toEqual([
    '6:60 patterns[0].interaction: A queue or topic of your own gives no replies: use an interaction without them, such as work-queue, found request-reply',
  ]);
  expect(await problemsOf(text('work-queue', 'rabbitmq', queue))).toEqual([]);
  const rpc = '{ url: grpc://127.0.0.1:1, reflection: true, method: a.B/C }';
  expect(await problemsOf(text('server-stream', 'grpc', rpc))).toEqual([
    '8:8 targets.own.stream: Expected the items of a stream: stream: { items: 10 }',
  ]);
});
