import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadedFrom, sentTo } from '../../support/openapi/drive.ts';
import { startRecorder } from '../../support/openapi/recorder.ts';
import type { Any } from '../../support/openapi/rules.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** Paths of an API with one server on this machine. */
const api = (paths: object, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  servers: [{ url: 'http://127.0.0.1:8080' }],
  paths,
  ...more,
});
const posting = (schema: object, more: object = {}) =>
  api(
    {
      '/x': {
        post: { requestBody: { required: true, content: { 'application/json': { schema } } }, responses: {} },
      },
    },
    more,
  );

/** What is written for the only operation, and whether a server that checks it by the document has no objection. */
async function onlyCall(document: object, operations: readonly string[] = []) {
  using place = temporaryFolder();
  const from = path.join(place.path, 'api.yaml');
  writeFileSync(from, stringify(document));
  const { written, warnings, text } = await loadedFrom(place.path, { from, operations });
  const [target] = Object.values(written['targets'] as Record<string, Any>);
  const { url: _url, ...settings } = target;
  await using recorder = await startRecorder(document, place.path);
  await sentTo(recorder.url, { transport: 'rest', settings });
  expect(recorder.called.size).toBe(1);
  return { target, warnings, text, refusals: recorder.refusals };
}

const fixture = (name: string) => parse(readFileSync(FIXTURES + name, 'utf8')) as object;

describe('the public cases', () => {
  test('a oneOf beside properties: an object that fits one member', async () => {
    const { target, warnings, refusals } = await onlyCall(fixture('oneof-beside-properties.yaml'));
    expect(target.body).toEqual({ title: 'text', category: 'text' });
    expect([warnings, refusals]).toEqual([[], []]);
  });

  test('an operation in a file of its own', async () => {
    using place = temporaryFolder();
    const { written } = await loadedFrom(place.path, { from: `${FIXTURES}operation-ref.yaml` });
    expect(written['targets']['machines-create']).toMatchObject({
      method: 'POST',
      body: { name: 'text', size: 'small' },
      success: { status: 202 },
    });
  });

  test('patterns, of a path parameter and of an optional field', async () => {
    const { target, warnings, refusals } = await onlyCall(fixture('pattern.yaml'));
    expect(target.path).toBe('/api/v3/test');
    expect(target.body.lifespan).toMatch(/^([0-9]+(ns|us|ms|s|m|h))+$/);
    expect([warnings, refusals]).toEqual([[], []]);
  });

  test.each([
    ['GET /simple/{object}', '/simple/a,text,b,text'],
    ['GET /matrix/{one}', '/matrix/;one=text'],
  ])('an object in a path, and a style: %s', async (operation, expected) => {
    const { target, refusals } = await onlyCall(fixture('object-in-path.yaml'), [operation]);
    expect(target.path).toBe(expected);
    expect(refusals).toEqual([]);
  });
});

describe('further ones of each kind', () => {
  const cat = {
    type: 'object',
    required: ['kind', 'lives'],
    properties: { kind: { type: 'string' }, lives: { type: 'integer', maximum: 9 } },
  };
  const dog = {
    type: 'object',
    required: ['kind', 'bark'],
    properties: { kind: { type: 'string' }, bark: { type: 'string' } },
  };

  test.each<[string, object, object]>([
    [
      'anyOf with own required fields',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'integer', minimum: 5, maximum: 5 } },
        anyOf: [{ required: ['b'] }, { required: ['c'] }],
      },
      { b: 5 },
    ],
    [
      'allOf that narrows a field of another part',
      {
        allOf: [
          { type: 'object', properties: { n: { type: 'integer' } } },
          { properties: { n: { minimum: 40, maximum: 41 } }, required: ['n'] },
        ],
      },
      { n: expect.stringMatching(/./) },
    ],
    [
      'the second member of a oneOf, as the first one holds itself',
      {
        oneOf: [
          { $ref: '#/components/schemas/Endless' },
          { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } },
        ],
      },
      { ok: true },
    ],
    [
      'a wrong example in it',
      {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'integer', example: 'abc', minimum: 3, maximum: 3 },
          name: { type: 'string', example: 'Ann' },
        },
      },
      { id: 3, name: 'Ann' },
    ],
    [
      'additionalProperties: false beside an example with more',
      {
        type: 'object',
        additionalProperties: false,
        properties: { a: { type: 'string' } },
        example: { a: 'x', b: 'y' },
      },
      { a: 'x' },
    ],
  ])('a body is held against its schema: %s', async (_name, schema, body) => {
    const endless = {
      type: 'object',
      required: ['again'],
      properties: { again: { $ref: '#/components/schemas/Endless' } },
    };
    const { target, warnings, refusals } = await onlyCall(
      posting(schema, { components: { schemas: { Endless: endless } } }),
    );
    if (_name.startsWith('allOf')) expect(Object.keys(target.body as object)).toEqual(['n']);
    else expect(target.body).toMatchObject(body);
    expect([warnings, refusals]).toEqual([[], []]);
  });

  test('what no value fits is a comment in the file, and a warning', async () => {
    const { warnings, text } = await onlyCall(
      posting({
        type: 'object',
        required: ['a'],
        properties: { a: { allOf: [{ type: 'string' }, { type: 'integer' }] } },
      }),
    );
    expect(warnings).toEqual([expect.stringMatching(/^POST \/x: body: \/a must be (string|integer)$/)]);
    expect(text).toMatch(/# Does not fit its schema, correct it: body: \/a must be/);
  });

  test.each<[string, object, (body: Any) => void]>([
    [
      'a mapping',
      {
        oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        discriminator: {
          propertyName: 'kind',
          mapping: { feline: '#/components/schemas/Cat', canine: 'Dog' },
        },
      },
      (body) => expect(body.kind).toBe('feline'),
    ],
    [
      'names of schemas',
      {
        anyOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }],
        discriminator: { propertyName: 'kind' },
      },
      (body) => expect(body.kind).toBe('Dog'),
    ],
    [
      'schemas that extend one',
      { $ref: '#/components/schemas/Shape' },
      (body) => expect(body).toMatchObject({ form: 'Circle', radius: expect.anything() as unknown }),
    ],
    [
      'one that extends it, asked for itself',
      { $ref: '#/components/schemas/Circle' },
      (body) => expect(body.form).toBe('Circle'),
    ],
  ])('a discriminator by %s', async (_name, schema, look) => {
    const shape = {
      type: 'object',
      required: ['form'],
      properties: { form: { type: 'string' } },
      discriminator: { propertyName: 'form' },
    };
    const circle = {
      allOf: [
        { $ref: '#/components/schemas/Shape' },
        { type: 'object', required: ['radius'], properties: { radius: { type: 'number' } } },
      ],
    };
    const { target, warnings, refusals } = await onlyCall(
      posting(schema, { components: { schemas: { Cat: cat, Dog: dog, Shape: shape, Circle: circle } } }),
    );
    look(target.body);
    expect([warnings, refusals]).toEqual([[], []]);
  });

  test.each<[string, object, RegExp]>([
    ['hexadecimal with a bound', { type: 'string', pattern: '^[0-9a-f]{24}$' }, /^[0-9a-f]{24}$/],
    [
      'alternatives and groups',
      { type: 'string', pattern: '^(GB|US)-(?:[A-Z]{2}|\\d{3})$' },
      /^(GB|US)-(?:[A-Z]{2}|\d{3})$/,
    ],
    ['letters of any script', { type: 'string', pattern: '^\\p{Lu}\\p{Ll}+$' }, /^\p{Lu}\p{Ll}+$/u],
    ['a needless escape', { type: 'string', pattern: '^[\\w\\-]{3}$' }, /^[\w-]{3}$/],
  ])('a pattern of a required field: %s', async (_name, field, pattern) => {
    const { target, warnings, refusals } = await onlyCall(
      posting({ type: 'object', required: ['f'], properties: { f: field } }),
    );
    expect(target.body.f).toMatch(pattern);
    expect([warnings, refusals]).toEqual([[], []]);
  });

  test('a pattern that no example is found for leaves an optional field out', async () => {
    const field = { type: 'string', pattern: '^(?=.*[a-z])(?=.*[0-9])(?=.*[A-Z])(?=.*[%])[^a-z]*$' };
    const { target, warnings } = await onlyCall(
      posting({ type: 'object', properties: { f: field, ok: { const: 1 } } }),
    );
    expect(target.body).toEqual({ ok: 1 });
    expect(warnings).toEqual([]);
  });

  const list = { type: 'array', minItems: 2, maxItems: 2, items: { enum: ['a b'] } };
  const object = {
    type: 'object',
    required: ['R', 'G'],
    properties: { R: { const: 100 }, G: { const: 'x,y' } },
  };
  test.each<[string, object, string]>([
    ['a list in a query, exploded', { name: 'l', in: 'query', schema: list }, '/x?l=a%20b&l=a%20b'],
    [
      'a list in a query, piped',
      { name: 'l', in: 'query', style: 'pipeDelimited', explode: false, schema: list },
      '/x?l=a%20b%7Ca%20b',
    ],
    ['an object in a query', { name: 'o', in: 'query', schema: object }, '/x?R=100&G=x%2Cy'],
    [
      'an object in a query, deep',
      { name: 'o', in: 'query', style: 'deepObject', explode: true, schema: object },
      '/x?o%5BR%5D=100&o%5BG%5D=x%2Cy',
    ],
    [
      'JSON in a query',
      { name: 'o', in: 'query', content: { 'application/json': { schema: object } } },
      '/x?o=%7B%22R%22%3A100%2C%22G%22%3A%22x%2Cy%22%7D',
    ],
  ])('%s', async (_name, parameter, expected) => {
    const { target, refusals } = await onlyCall(
      api({ '/x': { get: { parameters: [{ required: true, ...parameter }], responses: {} } } }),
    );
    expect(target.path).toBe(expected);
    expect(refusals).toEqual([]);
  });

  test('a list in a header and an object in a cookie', async () => {
    const parameters = [
      { name: 'X-List', in: 'header', required: true, schema: list },
      {
        name: 'c',
        in: 'cookie',
        required: true,
        explode: false,
        schema: { ...object, properties: { R: { const: 1 }, G: { const: 'y' } } },
      },
    ];
    const { target, refusals } = await onlyCall(api({ '/x': { get: { parameters, responses: {} } } }));
    expect(target.headers).toEqual({ 'X-List': 'a b,a b', cookie: 'c=R,1,G,y' });
    expect(refusals).toEqual([]);
  });

  test('a form with a list and an object, each in its own style', async () => {
    const schema = {
      type: 'object',
      required: ['l', 'o', 'p'],
      properties: { l: list, o: object, p: { ...list, items: { const: 'z' } } },
    };
    const content = {
      'application/x-www-form-urlencoded': {
        schema,
        encoding: {
          o: { style: 'deepObject', explode: true },
          p: { style: 'pipeDelimited', explode: false },
        },
      },
    };
    const { target } = await onlyCall(api({ '/x': { post: { requestBody: { content }, responses: {} } } }));
    expect(target.body).toBe('l=a%20b&l=a%20b&o%5BR%5D=100&o%5BG%5D=x%2Cy&p=z%7Cz');
  });

  test('a multipart form, which the server can read', async () => {
    const schema = {
      type: 'object',
      required: ['name', 'file'],
      properties: {
        name: { type: 'string' },
        file: { type: 'string', format: 'binary' },
        meta: { type: 'object', properties: { a: { type: 'integer' } } },
      },
    };
    const { target, refusals } = await onlyCall({
      ...api({
        '/x': {
          post: {
            requestBody: { required: true, content: { 'multipart/form-data': { schema } } },
            responses: {},
          },
        },
      }),
      openapi: '3.0.3',
    });
    expect(target.headers['content-type']).toBe('multipart/form-data; boundary=commbench-part');
    expect(target.body).toContain('name="file"; filename="file"');
    expect(refusals).toEqual([]);
  });
});

describe('references', () => {
  const PARTS: Readonly<Record<string, object>> = {
    'parts/item.yaml': {
      parameters: [{ $ref: 'parameters.yaml#/tenant' }],
      post: { $ref: './operations/create.yaml' },
    },
    'parts/parameters.yaml': {
      tenant: { name: 'X-Tenant', in: 'header', required: true, schema: { $ref: '../schemas.json#/Tenant' } },
    },
    'parts/operations/create.yaml': {
      operationId: 'create',
      requestBody: { $ref: '../body.yaml' },
      responses: { 201: { $ref: '../responses.yaml#/created' } },
    },
    'parts/body.yaml': {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '../schemas.json#/Animal' },
          examples: { one: { $ref: './examples.yaml#/fine' } },
        },
      },
    },
    'parts/responses.yaml': { created: { description: 'made' } },
    'parts/examples.yaml': {
      fine: { value: { kind: 'feline', name: 'Tom', friend: { kind: 'feline', name: 'Eve' } } },
    },
    'schemas.json': {
      Tenant: { type: 'string', enum: ['acme'] },
      Animal: {
        oneOf: [{ $ref: '#/Cat' }, { $ref: 'dog.yaml' }],
        discriminator: { propertyName: 'kind', mapping: { canine: './dog.yaml', feline: '#/Cat' } },
      },
      Cat: {
        type: 'object',
        required: ['kind', 'name'],
        properties: { kind: { type: 'string' }, name: { type: 'string' }, friend: { $ref: '#/Animal' } },
      },
    },
    'dog.yaml': {
      type: 'object',
      required: ['kind', 'bark'],
      properties: {
        kind: { type: 'string' },
        bark: { type: 'string' },
        friend: { $ref: 'schemas.json#/Animal' },
      },
    },
  };

  function laidOut(folder: string, files: Readonly<Record<string, object>>): void {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, name.endsWith('.json') ? JSON.stringify(content) : stringify(content));
    }
  }

  test('of a path item, operation, parameter, body, response, example, and schemas in files, in a circle', async () => {
    using place = temporaryFolder();
    laidOut(place.path, { ...PARTS, 'api.yaml': api({ '/animals': { $ref: 'parts/item.yaml' } }) });
    const { written, warnings } = await loadedFrom(place.path, { from: path.join(place.path, 'api.yaml') });
    expect(warnings).toEqual([]);
    expect(written['targets']['create']).toMatchObject({
      headers: { 'X-Tenant': 'acme' },
      body: { kind: 'feline', name: 'Tom', friend: { kind: 'feline', name: 'Eve' } },
      success: { status: 201 },
    });
  });

  test('a discriminator that names a file', async () => {
    using place = temporaryFolder();
    const { examples: _none, ...media } = (PARTS['parts/body.yaml'] as Any).content['application/json'];
    const schemas = PARTS['schemas.json'] as Any;
    laidOut(place.path, {
      ...PARTS,
      'parts/body.yaml': { content: { 'application/json': media } },
      'schemas.json': { ...schemas, Animal: { ...schemas.Animal, oneOf: schemas.Animal.oneOf.toReversed() } },
      'api.yaml': api({ '/animals': { $ref: 'parts/item.yaml' } }),
    });
    const { written } = await loadedFrom(place.path, { from: path.join(place.path, 'api.yaml') });
    expect(written['targets']['create'].body).toMatchObject({ kind: 'canine', bark: 'text' });
  });

  test('the same of Swagger 2.0, with a shared body and a file', async () => {
    using place = temporaryFolder();
    laidOut(place.path, {
      'api.yaml': {
        swagger: '2.0',
        info: { title: 'T', version: '1' },
        host: '127.0.0.1:9090',
        basePath: '/v1',
        schemes: ['http'],
        consumes: ['application/json'],
        paths: {
          '/orders/{id}': {
            parameters: [{ $ref: 'parameters.yaml#/id' }],
            put: {
              operationId: 'change',
              parameters: [
                { $ref: '#/parameters/order' },
                {
                  name: 'tags',
                  in: 'query',
                  required: true,
                  type: 'array',
                  items: { type: 'string', enum: ['a'] },
                  collectionFormat: 'multi',
                  minItems: 2,
                },
              ],
              responses: { 204: { description: 'changed' } },
            },
          },
        },
        parameters: { order: { name: 'order', in: 'body', required: true, schema: { $ref: 'order.json' } } },
        definitions: { Unused: { type: 'string' } },
      },
      'parameters.yaml': {
        id: { name: 'id', in: 'path', required: true, type: 'integer', minimum: 7, maximum: 7 },
      },
      'order.json': {
        type: 'object',
        required: ['n', 'note'],
        properties: {
          n: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1 },
          note: { type: 'string', 'x-nullable': true },
        },
      },
    });
    const { written, warnings } = await loadedFrom(place.path, { from: path.join(place.path, 'api.yaml') });
    expect(warnings).toEqual([]);
    expect(written['targets']['change']).toMatchObject({
      url: 'http://127.0.0.1:9090/v1',
      method: 'PUT',
      path: '/v1/orders/7?tags=a&tags=a',
      body: { n: 1, note: 'text' },
      success: { status: 204 },
    });
  });

  test('to the network are never read, and name themselves where they matter', async () => {
    using place = temporaryFolder();
    laidOut(place.path, {
      'api.yaml': api({
        '/far': {
          post: {
            requestBody: {
              content: { 'application/json': { schema: { $ref: 'https://schemas.example/order.json' } } },
            },
          },
        },
        '/lost': { post: { requestBody: { $ref: 'nowhere.yaml#/body' } } },
        '/near': { get: { responses: {} } },
      }),
    });
    const from = path.join(place.path, 'api.yaml');
    expect((await loadedFrom(place.path, { from })).calls).toEqual(['GET /near']);
    await expect(loadedFrom(place.path, { from, operations: ['POST /far'] })).rejects.toThrow(
      '--operation POST /far cannot be driven: it refers to the network, https://schemas.example/order.json, which is never read',
    );
    await expect(loadedFrom(place.path, { from, operations: ['POST /lost'] })).rejects.toThrow(
      /nowhere\.yaml: file not found/,
    );
  });
});

test("OpenAPI 3.2: QUERY, a whole query string, methods of one's own, and values as data", async () => {
  const document = {
    ...api({
      '/search': {
        query: {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { type: 'object', required: ['q'], properties: { q: { type: 'string' } } },
                examples: { one: { dataValue: { q: 'pen' } } },
              },
            },
          },
          responses: {},
        },
        get: {
          parameters: [
            {
              name: 'all',
              in: 'querystring',
              required: true,
              content: {
                'application/x-www-form-urlencoded': {
                  schema: { type: 'object', required: ['a'], properties: { a: { const: 'b c' } } },
                },
              },
            },
          ],
        },
        additionalOperations: { LINK: { responses: {} } },
      },
    }),
    openapi: '3.2.0',
  };
  const { target, refusals } = await onlyCall(document, ['QUERY /search']);
  expect(target).toMatchObject({ method: 'QUERY', body: { q: 'pen' } });
  expect(refusals).toEqual([]);
  expect((await onlyCall(document, ['GET /search'])).target.path).toBe('/search?a=b%20c');
  await expect(onlyCall(document, ['LINK /search'])).rejects.toThrow('its method is LINK');
});
