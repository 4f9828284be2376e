import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommbenchError } from '../../../src/kernel/errors.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import {
  mixOf,
  requestNamesOf,
  requestsOf,
  withRequests,
} from '../../../src/scenario/schema/target-requests.ts';
import { loadCatalogue } from '../../../src/transports/discover.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-requests-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HEAD = (fields: string, way = 'transport: rest, interaction: request-reply') => `name: own
title: Own
patterns:
  - { id: own, title: Own, ${way} }
targets:
  own:
${fields.includes('    url:') ? '' : '    url: http://127.0.0.1:1\n'}${fields}`;

/** What is told of a target, each problem as path and message. */
async function problemsOf(fields: string, way?: string): Promise<string[]> {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, HEAD(fields, way));
  const error = await loadScenario(file, [], await loadCatalogue()).catch((one: CommbenchError) => one);
  if (!('message' in error)) return [];
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^\S* /, '').replace('targets.own.', ''));
}

test('operations and flows that are right', async () => {
  const fields = `    headers: { accept: '*/*' }
    operations:
      read: { share: 80%, path: '/orders/{{random 1 100}}' }
      write: { share: 10%, path: /orders, body: { n: 1 }, success: { status: 201 } }
    flows:
      both:
        share: 10%
        steps:
          - { name: write, path: /orders, body: {}, take: { orderId: data.id, place: { header: Location } } }
          - { path: '/orders/{{orderId}}', headers: { x-n: '{{sequence}}' } }
          - { path: '{{place}}' }
thresholds: ['read: response p99 < 20ms', 'own/both: failures < 1%', 'both/write: response p50 < 1s', 'both/3: failures < 1%']
`;
  expect(await problemsOf(fields)).toEqual([]);
});

test.each([
  ['    operations: {}', 'operations: Expected at least one operation or flow'],
  [
    '    operations: { a: { share: 80% }, b: { share: 30% } }',
    'operations.a.share: Expected shares that add up to 100 %, found 110 %; weights without % may have any sum',
  ],
  [
    '    operations: { a: { share: 80% }, b: {} }',
    'operations.b.share: Expected every share in per cent, or none, found 80% and 1',
  ],
  [
    '    operations: { a: {} }\n    flows: { a: { steps: [{}] } }',
    "flows.a: The name a is an operation's already",
  ],
  [
    '    flows: { a: { steps: [{ name: x }, { name: x }] } }',
    'flows.a.steps[1]: The step a/x is there twice',
  ],
  [
    '    operations: { a: { methd: PUT } }',
    /operations\.a\.methd: Expected one of method, .*share.* found methd\. Did you mean method\?/,
  ],
  ['    methd: PUT\n    operations: { a: {}, b: {} }', /^methd: Expected one of .* Did you mean method\?/],
  ['    flows: { a: { steps: [{ tak: {} }] } }', /flows\.a\.steps\[0\]\.tak: .* Did you mean take\?/],
  [
    "    flows: { a: { steps: [{ take: { n: a } }, { path: '/{{m}}' }] } }",
    /flows\.a\.steps\[1\]\.path: Expected one of \{\{n\}\}, .*, found \{\{m\}\}/,
  ],
  // A value is there for later steps of the same flow alone.
  [
    "    flows: { a: { steps: [{ path: '/{{n}}', take: { n: a } }] } }",
    /steps\[0\]\.path: .*found \{\{n\}\}/,
  ],
  [
    "    flows: { a: { steps: [{ take: { n: a } }] } }\n    operations: { b: { path: '/{{n}}' } }",
    /operations\.b\.path: .*found \{\{n\}\}/,
  ],
  [
    '    flows: { a: { steps: [{ take: { key: a } }] } }',
    /take\.key: Expected a name of .* that no hole has, found key/,
  ],
  [
    "    operations: { a: { headers: { authorization: 'Bearer x' } } }",
    /^operations\.a\.headers\.authorization: A credential may not stand in a scenario/,
  ],
  ['    stream: { items: 3 }', 'stream: stream needs a server-stream pattern, found request-reply'],
  [
    "    operations: { a: {} }\nthresholds: ['b: failures < 1%']",
    /Expected the id of a pattern, a variant, an operation or a case \(own, a\).* found b/,
  ],
  [
    "    operations: { a: {}, b: {} }\nthresholds: ['a/b: failures < 1%']",
    /Expected one operation, flow or FLOW\/STEP \(a, b\), found a\/b/,
  ],
  ["    operations: { a: {} }\nthresholds: ['a: lost == 0']", /lost is not known of a alone/],
  [
    "    operations: { own: {} }\nthresholds: ['own: failures < 1%']",
    /own before the colon is the id .* rename one/,
  ],
  [
    "    operations: { fault: {} }\nthresholds: ['fault: failures < 1%']",
    /`fault` before the colon means trials/,
  ],
])('%j is refused', async (fields, problem) => {
  const told = await problemsOf(`${fields}\n`);
  const [first] = told.filter((line) =>
    typeof problem === 'string' ? line === problem : problem.test(line),
  );
  expect(first, told.join('\n')).toBeDefined();
});

test.each([
  [
    'transport: rest, interaction: server-stream',
    '    operations: { a: {} }',
    ['stream: Expected the items of a stream: stream: { items: 10 }'],
  ],
  [
    'transport: rest, interaction: server-stream',
    '    stream: { items: 2 }\n    flows: { a: { steps: [{}] } }',
    ['flows: The answers of a flow are no streams: use operations'],
  ],
  ['transport: rest, interaction: server-stream', '    stream: { items: 2 }', []],
  [
    'transport: graphql, interaction: server-stream',
    "    document: 'subscription { a }'\n    stream: { items: 2 }",
    [],
  ],
])('streams: %s %j', async (way, fields, problems) => {
  expect(await problemsOf(`${fields}\n`, way)).toEqual(problems);
});

test('what all operations of a broker share is of the target, and an ack has nothing to take', async () => {
  const fields = `    url: kafka://127.0.0.1:1
    topic: orders
    body: {}
    operations:
      a: { key: one }
      b: { topic: others }
    flows:
      c: { steps: [{ take: { n: id } }, { body: '{{n}}' }] }
`;
  const told = await problemsOf(fields, 'transport: kafka, interaction: event-stream');
  expect(told).toEqual(
    expect.arrayContaining([
      'operations.b.topic: topic is the same for all requests, as they share one connection: set it in the target',
      'flows.c.steps[0].take.n: Nothing can be taken from its answers: there are none',
    ]),
  );
});

test('a message of gRPC may have a value of an earlier answer, and is still held against its .proto', async () => {
  writeFileSync(
    path.join(folder, 'a.proto'),
    'syntax = "proto3"; package a; message M { string id = 1; int32 n = 2; } service B { rpc C(M) returns (M); rpc S(M) returns (stream M); }',
  );
  const flow = (message: string) => `    url: grpc://127.0.0.1:1
    proto: a.proto
    method: a.B/C
    flows:
      f: { steps: [{ take: { x: id } }, { message: ${message} }] }
`;
  const way = 'transport: grpc, interaction: request-reply';
  const problems = (message: string) => problemsOf(flow(message), way);
  expect(await problems("{ id: '{{x}}' }")).toEqual([]);
  expect(await problems("{ n: '{{x}}' }")).toEqual([]);
  expect(await problems("{ idd: '{{x}}' }")).toEqual([
    expect.stringContaining('flows.f.steps[1].message.idd: Expected a field of the .proto'),
  ]);
  const streaming = await problemsOf(flow('{}').replace('a.B/C', 'a.B/S'), way);
  expect(streaming.join('\n')).toContain(
    'method: Expected a unary method, as the pattern is request-reply, found a.B/S, which answers with a stream',
  );
});

test('an operation has the fields of its target, headers of both, and its own before these', () => {
  const target = {
    operations: { a: { share: '80%', body: 1, headers: { x: 'a' } }, b: { share: '20%' } },
    flows: { f: { share: 1, steps: [{ take: { n: 'id' } }, { name: 'z', take: {}, path: '/{{n}}' }] } },
  };
  const requests = requestsOf(target, { body: 0, headers: { x: 't', y: 't' } });
  expect(requests.map(({ operation, settings }) => [operation, settings])).toEqual([
    ['a', { body: 1, headers: { x: 'a', y: 't' } }],
    ['b', { body: 0, headers: { x: 't', y: 't' } }],
    ['f/1', { body: 0, headers: { x: 't', y: 't' } }],
    ['f/z', { body: 0, headers: { x: 't', y: 't' }, path: '/{{take n}}' }],
  ]);
  expect(requestNamesOf(target)).toEqual(['a', 'b', 'f', 'f/1', 'f/z']);
  expect(mixOf(target).map(({ share }) => share)).toEqual([80, 20, 1]);
  const changed = withRequests({ url: 'u', ...target }, (fields) => ({ ...fields, seen: true }));
  expect(changed).toMatchObject({
    seen: true,
    operations: { a: { seen: true, body: 1 }, b: { seen: true } },
    flows: { f: { share: 1, steps: [{ seen: true }, { seen: true, name: 'z' }] } },
  });
});
