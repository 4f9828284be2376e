import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { afterAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../src/transports/discover.ts';
import type { FromChoice } from '../../../src/commands/init-from/scenario-from.ts';
import { writtenFrom } from '../../../src/commands/init-from/written-from.ts';
import { makeCertificates } from '../../support/tls/certificates.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-init-'));
afterAll(() => rmSync(folder, { recursive: true }));
const EXAMPLES = fileURLToPath(new URL('../../../scenarios/examples/own-service/', import.meta.url));

/** What the scenario that is written from a description says, once it was loaded without a problem. */
async function loaded(
  from: string,
  operations: readonly string[] = [],
  more: Pick<FromChoice, 'url' | 'ca' | 'mix'> = {},
) {
  const file = path.join(folder, 'written.yaml');
  const choice = { from, operations, include: [], file, name: 'written', ...more };
  const { text, calls, warnings } = await writtenFrom(choice);
  writeFileSync(file, text);
  const { scenario } = await loadScenario(file, [], await loadCatalogue());
  return { scenario, calls, text, warnings };
}

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('from OpenAPI', () => {
  test('the first operation, with a body that its schema allows', async () => {
    const { scenario, calls, text } = await loaded(`${EXAMPLES}openapi.yaml`);
    expect(calls).toEqual(['POST /orders']);
    expect(scenario.patterns).toMatchObject([
      { id: 'place-order', transport: 'rest', title: 'place an order' },
    ]);
    expect(scenario.targets).toEqual({
      'place-order': {
        url: 'http://127.0.0.1:8390',
        method: 'POST',
        path: '/orders',
        body: { id: '{{uuid}}', item: 'pencil', count: '{{random 1 9}}' },
        success: { status: 201 },
      },
    });
    expect(text).toMatch(/# command: npm start/);
  });

  test('those that are asked for, by their ids or by method and path', async () => {
    const { scenario, calls } = await loaded(`${EXAMPLES}openapi.yaml`, ['getorder', 'POST /orders']);
    expect(calls).toEqual(['GET /orders/{id}', 'POST /orders']);
    expect(scenario.targets['get-order']).toMatchObject({ method: 'GET', path: '/orders/{{uuid}}' });
  });

  test('a form, parameters, a login, a server elsewhere', async () => {
    const api = {
      openapi: '3.0.3',
      servers: [{ url: 'https://api.example.org/v2' }],
      security: [{ bearer: [] }],
      paths: {
        '/a/{n}/{s}': {
          parameters: [{ $ref: '#/components/parameters/n' }],
          put: {
            parameters: [
              { name: 's', in: 'path', required: true, schema: { type: 'string', enum: ['x y'] } },
              { name: 'q', in: 'query', required: true, schema: { type: 'integer', minimum: 3, maximum: 3 } },
              { name: 'not', in: 'query', schema: { type: 'string' } },
              { name: 'X-Tenant', in: 'header', required: true, example: 'a{{b' },
            ],
            requestBody: {
              content: {
                'application/x-www-form-urlencoded': {
                  schema: { properties: { a: { type: 'string', format: 'email' }, 'b c': { const: '&' } } },
                },
              },
            },
            responses: { 200: {}, 204: {}, default: {} },
          },
        },
      },
      components: {
        parameters: { n: { name: 'n', in: 'path', required: true, schema: { type: 'integer', maximum: 7 } } },
      },
    };
    const { scenario, text } = await loaded(written('api.json', JSON.stringify(api)));
    expect(scenario.targets['put-a-n-s']).toEqual({
      url: 'http://127.0.0.1:8080/v2',
      method: 'PUT',
      path: '/v2/a/{{random 1 7}}/x%20y?q=3',
      headers: { 'X-Tenant': 'a{ {b', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=user-{{sequence}}%40example.org&b%20c=%26',
      success: { status: [200, 204] },
    });
    expect(text).toContain(
      '# The document says https://api.example.org/v2. Replace with the address of your service',
    );
    expect(text).toContain("authorization: 'Bearer {{env TOKEN}}'");
  });

  test('what bounds, references and variables say is kept to', async () => {
    const api = {
      openapi: '3.0.3',
      servers: [
        {
          url: 'http://localhost:{port}/{base}',
          variables: { port: { default: '3000' }, base: { default: 'v1' } },
        },
      ],
      paths: {
        '/orders': {
          parameters: [{ name: 'q', in: 'query', required: true, example: 'of the path' }],
          post: {
            summary: '',
            operationId: 'place',
            parameters: [{ name: 'q', in: 'query', required: true, example: 'own' }],
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: {
                      state: { allOf: [{ $ref: '#/components/schemas/State' }], description: 'of an order' },
                      country: { type: 'string', minLength: 2, maxLength: 2 },
                      share: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1 },
                      over: { type: 'integer', exclusiveMinimum: 10, exclusiveMaximum: 20 },
                      steps: { type: 'integer', multipleOf: 5, minimum: 5, maximum: 9 },
                      below: { type: 'integer', maximum: -1 },
                      note: { type: 'string', example: '{{{id}}}' },
                    },
                  },
                },
              },
            },
          },
        },
      },
      components: { schemas: { State: { type: 'string', enum: ['open', 'shut'] } } },
    };
    const { scenario } = await loaded(written('bounds.json', JSON.stringify(api)));
    expect(scenario.patterns[0]!.title).toBe('place');
    expect(scenario.targets['place']).toMatchObject({
      url: 'http://localhost:3000/v1',
      path: '/v1/orders?q=own',
      body: {
        state: 'open',
        country: 'te',
        share: 1,
        over: '{{random 11 19}}',
        steps: 5,
        below: -1,
        note: '{ { {id}}}',
      },
    });
  });

  test('JSON that is written as a text goes out as JSON', async () => {
    const content = { 'application/json': { example: '{"a":1}' } };
    const api = { openapi: '3.1.0', paths: { '/x': { post: { requestBody: { content } } } } };
    const { scenario } = await loaded(written('text.json', JSON.stringify(api)));
    expect(scenario.targets['post-x']).toMatchObject({
      body: { a: 1 },
    });
  });

  const onlyGet = (more: object) => ({
    openapi: '3.1.0',
    paths: { '/x': { get: { responses: {} } } },
    ...more,
  });

  test('the address that is asked for, with its authority, whatever the document says', async () => {
    using made = await makeCertificates();
    const from = written(
      'far.json',
      JSON.stringify(onlyGet({ servers: [{ url: 'https://shop.example/v2' }] })),
    );
    const { scenario, text } = await loaded(from, [], { url: 'https://localhost:8443', ca: made.ca });
    expect(scenario.targets['get-x']).toMatchObject({
      url: 'https://localhost:8443/v2',
      path: '/v2/x',
      tls: { ca: made.ca },
    });
    expect(text).toContain(`ca: ${path.relative(folder, made.ca)}`);
    expect(text).not.toMatch(/Replace with the address|# tls:/);
    const own = await loaded(from, [], { url: 'https://localhost:8443/api/' });
    expect(own.scenario.targets['get-x']).toMatchObject({
      url: 'https://localhost:8443/api',
      path: '/api/x',
    });
    expect(own.text).toMatch(/# tls: \{ ca: ca.pem \}/);
  });

  test("the document's own server on this machine may have TLS", async () => {
    const from = written(
      'here.json',
      JSON.stringify(onlyGet({ servers: [{ url: 'https://localhost:8443/' }] })),
    );
    expect((await loaded(from)).scenario.targets['get-x']).toMatchObject({ url: 'https://localhost:8443/' });
  });

  test.each([
    [
      { url: 'grpcs://localhost:1' },
      '--url: Expected one that begins with http:// or https://, found grpcs://',
    ],
    [
      { url: 'http://localhost:1', ca: 'ca.pem' },
      '--ca is only valid with a URL of TLS, found http://localhost:1',
    ],
    [{ url: 'https://localhost:1', ca: 'nowhere.pem' }, '--ca: nowhere.pem: file not found'],
    [{ mix: true }, '--mix needs two operations or more'],
  ])('%j is refused', async (more, message) => {
    await expect(loaded(written('get.json', JSON.stringify(onlyGet({}))), [], more)).rejects.toThrow(message);
  });

  test('a description at a URL is refused, with what to do', async () => {
    await expect(loaded('https://localhost:8443/openapi.json')).rejects.toMatchObject({
      message: '--from: Expected a file, found a URL',
      hint: expect.stringContaining('curl -o openapi.json') as string,
    });
  });

  test('--mix: one pattern with the operations, which is loaded as such', async () => {
    const { scenario } = await loaded(`${EXAMPLES}openapi.yaml`, ['getOrder', 'POST /orders'], { mix: true });
    expect(scenario.patterns).toMatchObject([{ id: 'written', interaction: 'request-reply' }]);
    expect(scenario.targets['written']).toMatchObject({
      url: 'http://127.0.0.1:8390',
      operations: {
        'get-order': { method: 'GET', path: '/orders/{{uuid}}' },
        'place-order': { method: 'POST', path: '/orders' },
      },
    });
  });

  test('--mix: what cannot be one pattern is refused', async () => {
    const events = { 200: { description: '', content: { 'text/event-stream': {} } } };
    const api = {
      openapi: '3.1.0',
      paths: {
        '/ticks': { get: { responses: events } },
        '/x': { get: { responses: {} } },
        '/far': { get: { responses: {}, servers: [{ url: 'http://127.0.0.1:7' }] } },
      },
    };
    const from = written('mixed.json', JSON.stringify(api));
    await expect(loaded(from, ['GET /x', 'GET /ticks'], { mix: true })).rejects.toThrow(
      'GET /x and GET /ticks cannot be one pattern: one answers with a stream',
    );
    await expect(loaded(from, ['GET /x', 'GET /far'], { mix: true })).rejects.toThrow('different addresses');
    const { scenario } = await loaded(from, ['GET /ticks']);
    expect(scenario.patterns).toMatchObject([{ interaction: 'server-stream' }]);
    expect(scenario.targets['get-ticks']).toMatchObject({ stream: { items: 1 }, success: { status: 200 } });
  });

  test('a body of XML that may be left out is left out by name; one with an example is sent as it is', async () => {
    const post = (required: boolean, media: object) => ({
      openapi: '3.1.0',
      paths: { '/x': { post: { requestBody: { required, content: { 'application/xml': media } } } } },
    });
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const left = await loaded(written('xml.json', JSON.stringify(post(false, { schema }))));
    expect(left.warnings).toEqual(['POST /x: The body is omitted: it is application/xml']);
    expect(left.text).toContain('# The body is omitted: it is application/xml');
    const given = await loaded(
      written('xml.json', JSON.stringify(post(true, { schema, example: '<a>1</a>' }))),
    );
    expect(given.scenario.targets['post-x']).toMatchObject({
      body: '<a>1</a>',
      headers: { 'content-type': 'application/xml' },
    });
  });

  const schema = fc.letrec((tie) => ({
    one: fc.oneof(
      { maxDepth: 3 },
      fc.record(
        {
          type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', ['string', 'null']),
          format: fc.constantFrom('uuid', 'email', 'date-time', 'unheard-of'),
          enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 3 }),
          example: fc.string(),
          minimum: fc.integer(),
          minLength: fc.nat(50),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        { type: fc.constant('array'), items: tie('one'), minItems: fc.nat(9) },
        { requiredKeys: ['type'] },
      ),
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.dictionary(fc.string({ minLength: 1 }), tie('one'), { maxKeys: 4 }),
        },
        { requiredKeys: ['properties'] },
      ),
      fc.record({ allOf: fc.array(tie('one'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ oneOf: fc.array(tie('one'), { minLength: 1, maxLength: 2 }) }),
      fc.constant({ $ref: '#/components/schemas/Self' }),
    ),
  })).one;

  test('whatever the schema, what is written is a scenario', async () => {
    await fc.assert(
      fc.asyncProperty(schema, async (body) => {
        const api = {
          openapi: '3.1.0',
          paths: { '/x': { post: { requestBody: { content: { 'application/json': { schema: body } } } } } },
          components: {
            schemas: {
              Self: { properties: { again: { $ref: '#/components/schemas/Self' }, n: { type: 'integer' } } },
            },
          },
        };
        const { scenario } = await loaded(written('any.yaml', stringify(api)));
        expect(Object.keys(scenario.targets)).toEqual(['post-x']);
      }),
      { numRuns: 40 },
    );
  });

  test.each<[string, object | string, string]>([
    ['of another kind', { asyncapi: '3.0.0' }, 'it has no `openapi: 3.…` or `swagger: "2.0"`'],
    ['no document', 'hello', 'it has no `openapi: 3.…` or `swagger: "2.0"`'],
    ['no YAML', 'a: [', 'invalid YAML'],
    [
      'aliases of aliases',
      `a: &a [${'1, '.repeat(10)}]\nb: &b [${'*a, '.repeat(10)}]\nc: &c [${'*b, '.repeat(10)}]\nd: [${'*c, '.repeat(10)}]`,
      'it has too many YAML aliases',
    ],
    ['nothing in it', { openapi: '3.0.0', paths: {} }, 'can be driven: it describes none'],
    [
      'references to nothing',
      { openapi: '3.0.0', paths: { '/': { $ref: '#/paths/x~1y' } } },
      'unresolved reference #/paths/x~1y',
    ],
    [
      'references in a circle',
      { openapi: '3.0.0', paths: { '/': { $ref: '#/paths/~1' } } },
      'circular reference #/paths/~1',
    ],
    [
      'uploads alone',
      {
        openapi: '3.0.0',
        paths: { '/': { post: { requestBody: { required: true, content: { 'application/xml': {} } } } } },
      },
      'can be driven: POST /: its body is application/xml, of which only an example can be sent',
    ],
  ])('a file with %s is told', async (_name, api, message) => {
    const file = written('bad.yaml', typeof api === 'string' ? api : stringify(api));
    await expect(loaded(file)).rejects.toThrow(message);
  });

  test('an operation that is not there is told, with the nearest', async () => {
    await expect(loaded(`${EXAMPLES}openapi.yaml`, ['POST /order'])).rejects.toMatchObject({
      message: '--operation POST /order: the file describes no such operation',
      hint: expect.stringContaining('POST /orders') as string,
    });
  });
});
