import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scenarioFrom } from '../../../src/commands/init-from/scenario-from.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LIMITS = { ms: 30_000, mb: 256 };

async function read(name: string, text: string, limits = LIMITS) {
  using place = temporaryFolder();
  const from = path.join(place.path, name);
  writeFileSync(from, text);
  return await scenarioFrom(
    { from, operations: [], include: [], file: path.join(place.path, 'out.yaml'), name: 'out' },
    limits,
  );
}

const posting = (schema: unknown, schemas: object = {}) =>
  JSON.stringify({
    openapi: '3.0.0',
    info: { title: '\u001B[31mT', version: '1' },
    paths: {
      '/x': {
        post: { requestBody: { required: true, content: { 'application/json': { schema } } }, responses: {} },
      },
    },
    components: { schemas },
  });

/** Each of eight fields of each schema is the next schema. */
function growing(isRequired: boolean): string {
  const names = [...'abcdefgh'];
  const schemas = Array.from({ length: 20 }, (_, i) => {
    const field = { $ref: `#/components/schemas/S${i + 1}` };
    return [
      `S${i}`,
      {
        type: 'object',
        ...(isRequired ? { required: names } : {}),
        properties: Object.fromEntries(names.map((name) => [name, field])),
      },
    ];
  });
  return posting(
    { $ref: '#/components/schemas/S0' },
    { ...Object.fromEntries(schemas), S20: { type: 'string' } },
  );
}

describe('what grows without end ends with one message', () => {
  test.each<[string, string, RegExp]>([
    [
      'required fields that double and double',
      growing(true),
      /POST \/x: its body has more than 2,000 values/,
    ],
    [
      'more items than a request may have',
      posting({ type: 'array', minItems: 1e9, items: { type: 'string' } }),
      /its body has more than 2,000 values/,
    ],
    [
      'a text without end',
      posting({ type: 'string', minLength: 1e12 }),
      /its body has more than 2,000 values, or a text too long/,
    ],
    ['brackets in brackets', '['.repeat(200_000), /nested too deeply|invalid YAML/],
    [
      'schemas in schemas',
      `{"openapi":"3.0.0","paths":{"/x":{"post":{"requestBody":{"content":{"application/json":{"schema":${'{"items":'.repeat(100_000)}{}${'}'.repeat(100_000)}}}}}}}}`,
      /nested too deeply/,
    ],
    [
      'aliases of aliases',
      `openapi: 3.0.0\na: &a [${'1, '.repeat(10)}]\nb: &b [${'*a, '.repeat(10)}]\nc: &c [${'*b, '.repeat(10)}]\nd: [${'*c, '.repeat(10)}]`,
      /it has too many YAML aliases/,
    ],
    [
      'references in a circle',
      posting(
        { $ref: '#/components/schemas/A' },
        { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } },
      ),
      /circular reference #\/components\/schemas\/A/,
    ],
  ])('%s', async (_name, text, message) => {
    await expect(read('api.yaml', text)).rejects.toThrow(message);
  });

  test('optional fields that double and double are cut off', async () => {
    const { text, warnings } = await read('api.yaml', growing(false));
    expect(warnings).toEqual([]);
    expect(text.length).toBeLessThan(100_000);
  });

  test('a pattern that takes for ever to match ends the reading, not the program', async () => {
    const evil = posting({ type: 'string', pattern: '^(a+)+$', example: `${'a'.repeat(60)}!` });
    await expect(read('api.yaml', evil, { ms: 5000, mb: 256 })).rejects.toThrow(
      /^--from: reading .*api\.yaml takes more than 5 s$/,
    );
  });

  test('so does a document that takes all memory', async () => {
    const wide = `{"openapi":"3.0.0","paths":{},"x-wide":[${'[],'.repeat(3_000_000)}[]]}`;
    await expect(read('api.json', wide, { ms: 60_000, mb: 64 })).rejects.toThrow(
      /takes more than 64 MB of memory$/,
    );
  });

  test('messages that double and double, and one that must hold itself', async () => {
    const fields = (type: string, rule: string) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${rule} ${type} f${n} = ${n};`).join(' ');
    const messages = Array.from(
      { length: 30 },
      (_, i) => `message M${i} { ${fields(`M${i + 1}`, 'optional')} optional string leaf = 9; }`,
    ).join('\n');
    const proto = `syntax = "proto2"; ${messages} message M30 { optional string s = 1; } service S { rpc Go(M0) returns (M0); }`;
    expect((await read('wide.proto', proto)).text.length).toBeLessThan(100_000);
    const endless =
      'syntax = "proto2"; message A { required A again = 1; } service S { rpc Go(A) returns (A); }';
    await expect(read('endless.proto', endless)).rejects.toThrow(
      'S/Go: its request has more than 2,000 values, or is without end',
    );
    await expect(
      read('deep.proto', `syntax = "proto3"; ${'message M { '.repeat(20_000)}${'}'.repeat(20_000)}`),
    ).rejects.toThrow(/is not a valid \.proto file/);
  });
});

describe('what is read', () => {
  test('a folder, a device and an absent file are refused', async () => {
    using place = temporaryFolder();
    mkdirSync(path.join(place.path, 'api.yaml'));
    const asked = { operations: [], include: [], file: 'out.yaml', name: 'out' };
    await expect(scenarioFrom({ ...asked, from: path.join(place.path, 'api.yaml') })).rejects.toThrow(
      'is not a regular file',
    );
    await expect(scenarioFrom({ ...asked, from: '/dev/zero' })).rejects.toThrow('is not a regular file');
    await expect(scenarioFrom({ ...asked, from: path.join(place.path, 'absent.yaml') })).rejects.toThrow(
      'file not found',
    );
  });

  test('nothing in a comment is more than a comment', async () => {
    const text = posting({ type: 'object', properties: { a: { type: 'integer' } } }).replaceAll(
      '/x',
      String.raw`/x\u001B[31m\nrounds: 100`,
    );
    const { text: written, calls } = await read('api.json', text);
    expect(written + calls.join('')).not.toContain('\u001B');
    expect(written.match(/^rounds: /gm)).toHaveLength(1);
  });
});
