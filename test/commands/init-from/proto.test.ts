import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { operationsOfProto } from '../../../src/commands/init-from/proto.ts';
import { loadedFrom, sentTo } from '../../support/openapi/drive.ts';
import { startProtoRecorder } from '../../support/proto/recorder.ts';
import type { Any } from '../../support/openapi/rules.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { resolve } = createRequire(import.meta.url);
const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../../scenarios/examples/own-service/', import.meta.url));
const LIBRARY = path.dirname(resolve('protobufjs/package.json'));
const WELL_KNOWN = fileURLToPath(new URL('../../../proto/well-known/', import.meta.url));
const GRPC = path.join(path.dirname(resolve('@grpc/grpc-js/package.json')), 'proto');

/** Lays files out, writes the scenario for the first one, and sends its calls to a server that knows the files. */
async function driven(
  files: Readonly<Record<string, string>>,
  operations: readonly string[] = [],
  include: readonly string[] = [],
) {
  using place = temporaryFolder();
  const at = (name: string) => path.join(place.path, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  }
  const from = at(Object.keys(files)[0]!);
  const { scenario, warnings, written } = await loadedFrom(place.path, {
    from,
    operations,
    include: include.map(at),
  });
  await using recorder = await startProtoRecorder(from, [
    place.path,
    path.dirname(from),
    ...include.map(at),
    LIBRARY,
    WELL_KNOWN,
  ]);
  for (const { url: _url, ...settings } of Object.values(scenario.targets)) {
    expect((await sentTo(recorder.url, { transport: 'grpc', settings })).map(({ kind }) => kind)).toEqual([
      'reply',
      'reply',
      'reply',
    ]);
  }
  expect(recorder.refusals).toEqual([]);
  return { targets: written['targets'] as Record<string, Any>, heard: recorder.heard, warnings };
}

const order = (rest: string, imports = '') =>
  `syntax = "proto3"; package shop; ${imports} message Order { string id = 1; ${rest} } service Orders { rpc Place(Order) returns (Order); }`;

describe('annotations and other imports', () => {
  const collected = () => {
    const warnings: string[] = [];
    const note = (warning: Error) => void warnings.push(warning.message);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    return warnings;
  };

  test('google/api/annotations needs no folder', async () => {
    const warnings = collected();
    using place = temporaryFolder();
    const { written, scenario } = await loadedFrom(place.path, {
      from: `${FIXTURES}google-annotations.proto`,
    });
    expect(written['targets']['place']).toMatchObject({
      method: 'shop.v1.Orders/Place',
      message: { id: '{{uuid}}', amount: '{{random 1 100}}' },
    });
    await using recorder = await startProtoRecorder(`${FIXTURES}google-annotations.proto`, [LIBRARY]);
    const { url: _url, ...settings } = scenario.targets['place']!;
    await sentTo(recorder.url, { transport: 'grpc', settings });
    expect(recorder.heard.get('shop.v1.Orders/Place')).toHaveLength(3);
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      'field rules of a package',
      order('string mail = 2 [(validate.rules).string.email = true];', 'import "validate/validate.proto";'),
    ],
    [
      'annotations that nobody ships',
      order(
        'string note = 2 [(gogoproto.nullable) = false, (buf.validate.field).string.min_len = 1];',
        'import "gogoproto/gogo.proto"; import "buf/validate/validate.proto"; import "protoc-gen-openapiv2/options/annotations.proto"; import "google/api/field_behavior.proto";',
      ),
    ],
    [
      'messages that we ship',
      order(
        'google.type.Money price = 2; google.rpc.Status last = 3; google.type.Date day = 4;',
        'import "google/type/money.proto"; import "google/rpc/status.proto"; import "google/type/date.proto";',
      ),
    ],
    [
      'messages of the library',
      order(
        'google.protobuf.Timestamp at = 2; google.protobuf.Struct more = 3; google.protobuf.Any any = 4; google.protobuf.StringValue s = 5;',
        'import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto"; import "google/protobuf/any.proto"; import "google/protobuf/wrappers.proto";',
      ),
    ],
  ])('%s', async (_name, proto) => {
    const { heard, warnings } = await driven({ 'orders.proto': proto });
    expect(warnings).toEqual([]);
    expect(heard.get('shop.Orders/Place')![0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  const FAR = {
    'api/orders.proto': order('money.Price price = 2;', 'import "money/price.proto";'),
    'third_party/money/price.proto': 'syntax = "proto3"; package money; message Price { int64 cents = 1; }',
  };
  test('a folder of imports is named, for the reading and for the run', async () => {
    const { targets, heard } = await driven(FAR, [], ['third_party']);
    expect(targets['place']).toMatchObject({ proto: 'api/orders.proto', include: ['third_party'] });
    expect(heard.get('shop.Orders/Place')![0]).toMatchObject({
      price: { cents: expect.any(String) as string },
    });
  });

  test('without it the import is named, with what helps', async () => {
    await expect(driven(FAR)).rejects.toMatchObject({
      message: expect.stringMatching(
        /no such .*money\.Price.*; imports that were not found: money\/price\.proto$/i,
      ) as string,
      hint: expect.stringMatching(/--include DIR.*reflection: true/) as string,
    });
  });
});

describe('rules of validation', () => {
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

  test.each([
    [
      'buf.validate',
      `string id = 1 [(buf.validate.field).string.uuid = true];
       string sku = 2 [(buf.validate.field).string.pattern = "^[A-Z]{3}-[0-9]{4}$"];
       int32 count = 3 [(buf.validate.field).int32 = { gte: 3, lt: 5 }];
       repeated string tags = 4 [(buf.validate.field).repeated = { min_items: 2, items: { string: { min_len: 6, max_len: 7 } } }];
       Kind kind = 5 [(buf.validate.field).enum = { defined_only: true, in: [2] }];
       google.protobuf.StringValue note = 6 [(buf.validate.field).string.len = 9];
       map<string, string> more = 7 [(buf.validate.field).map.values.string.in = "b"];`,
      'import "buf/validate/validate.proto"; import "google/protobuf/wrappers.proto";',
    ],
    [
      'validate.rules',
      `string id = 1 [(validate.rules).string.uuid = true];
       string sku = 2 [(validate.rules).string = { pattern: "^[A-Z]{3}-[0-9]{4}$" }];
       int32 count = 3 [(validate.rules).int32 = { gte: 3, lt: 5 }];
       repeated string tags = 4 [(validate.rules).repeated.min_items = 2, (validate.rules).repeated.items.string.min_len = 6, (validate.rules).repeated.items.string.max_len = 7];
       Kind kind = 5 [(validate.rules).enum = { const: 2 }];
       google.protobuf.StringValue note = 6 [(validate.rules).string.len = 9];
       map<string, string> more = 7 [(validate.rules).map.values.string = { in: ["b"] }];`,
      'import "validate/validate.proto"; import "google/protobuf/wrappers.proto";',
    ],
  ])('of %s are kept to', async (_name, fields, imports) => {
    const proto = `syntax = "proto3"; package shop; ${imports} enum Kind { NONE = 0; ONE = 1; TWO = 2; } message Order { ${fields} } service Orders { rpc Place(Order) returns (Order); }`;
    const { heard, warnings } = await driven({ 'orders.proto': proto });
    expect(warnings).toEqual([]);
    for (const sent of heard.get('shop.Orders/Place')!) {
      expect(sent).toMatchObject({
        id: uuid,
        sku: expect.stringMatching(/^[A-Z]{3}-[0-9]{4}$/) as string,
        kind: 'TWO',
        note: { value: expect.stringMatching(/^.{9}$/) as string },
        more: { text: 'b' },
        tags: [expect.stringMatching(/^.{6,7}$/), expect.stringMatching(/^.{6,7}$/)],
      });
      expect([3, 4]).toContain((sent as { count: number }).count);
    }
  });

  test('that nothing here understands are named, and where', async () => {
    const proto = order(
      `string sku = 2 [(validate.rules).string.prefix = "S-"];
       string code = 3 [(buf.validate.field).cel = { id: "c", expression: "this != ''" }];
       repeated int32 sizes = 4 [(validate.rules).repeated = { min_items: 2, unique: true }];
       repeated int32 kinds = 5 [(validate.rules).repeated = { min_items: 1, unique: true, max_items: 3 }];
       map<string, int32> more = 6 [(validate.rules).map.keys.string.min_len = 9];
       string both = 7 [(validate.rules).string = { min_len: 5, max_len: 4 }];
       bytes raw = 8 [(validate.rules).bytes.min_len = 7];
       option (buf.validate.message).cel = { id: "m", expression: "true" };`,
    );
    using place = temporaryFolder();
    writeFileSync(path.join(place.path, 'o.proto'), proto);
    const { warnings, text } = await loadedFrom(place.path, { from: path.join(place.path, 'o.proto') });
    const named = [
      'shop.Order: (buf.validate.message).cel is not kept to',
      'shop.Order.sku: (validate.rules).string.prefix is not kept to',
      'shop.Order.code: (buf.validate.field).cel is not kept to',
      'shop.Order.sizes: (validate.rules).repeated.unique is not kept to',
      'shop.Order.more: (validate.rules).map.keys.string.min_len is not kept to',
      expect.stringMatching(/^shop\.Order\.both: must NOT have (more|fewer) than/) as string,
      'shop.Order.raw: (validate.rules).bytes.min_len is not kept to',
    ];
    expect(warnings.map((warning) => warning.replace('shop.Orders/Place: ', ''))).toEqual(named);
    expect(text).toMatch(/# Example that fits the \.proto.*Correct it where it must: .*string\.prefix/);
  });

  test('of lists beyond what a request may have are no reason to fill the memory', async () => {
    const many = '(validate.rules).repeated.min_items = 1000000000';
    await expect(driven({ 'o.proto': order(`repeated string all = 2 [${many}];`) })).rejects.toThrow(
      'its request has more than 2,000 values',
    );
  });
});

describe('messages', () => {
  test('of each oneof one member goes out; an optional field is no oneof', async () => {
    const { targets, heard } = await driven({
      'o.proto': order(
        'oneof pay { string card = 2; int32 cash = 3; } optional string note = 4; oneof to { Order self = 5; bool here = 6; }',
      ),
    });
    expect(Object.keys(targets['place'].message)).toEqual(expect.arrayContaining(['card', 'note']));
    expect(targets['place'].message).not.toHaveProperty('cash');
    expect(heard.get('shop.Orders/Place')![0]).toMatchObject({ pay: 'card', note: 'text' });
  });

  test('a oneof whose first member has no end takes the next', async () => {
    const nested =
      'syntax = "proto2"; message A { required A a = 1; } message M { oneof x { A endless = 1; string s = 2; } } service S { rpc Go(M) returns (M); }';
    expect((await driven({ 'm.proto': nested })).targets['go'].message).toEqual({ s: 'text' });
  });

  test('maps, lists, nested types, enums, groups, required fields, and an edition', async () => {
    const proto2 = `syntax = "proto2"; package old;
      message M { enum Kind { NONE = 0; SOME = 7; } required Kind kind = 1; repeated group Line = 2 { required string sku = 1; } map<int32, string> names = 3; required bytes raw = 4; extensions 100 to 200; }
      service S { rpc Go(M) returns (M); }`;
    const { heard } = await driven({ 'm.proto': proto2 });
    expect(heard.get('old.S/Go')![0]).toEqual({
      kind: 'SOME',
      line: [{ sku: 'text' }],
      names: { 1: 'text' },
      raw: 'AAAA',
    });
    const edition =
      'edition = "2023"; package e; message M { string s = 1; repeated int32 n = 2; M again = 3; } service S { rpc Go(M) returns (M); }';
    expect((await driven({ 'e.proto': edition })).heard.get('e.S/Go')![0]).toMatchObject({
      s: 'text',
      n: [expect.any(Number)],
    });
  });

  test('types of another package, and imports by a folder above', async () => {
    const { heard } = await driven(
      {
        'shop/orders.proto':
          'syntax = "proto3"; package shop; import "shop/common.proto"; message Order { message Line { common.Currency c = 1; } Line line = 1; common.Money price = 2; } service Orders { rpc Place(Order) returns (Order); rpc Pay(common.Money) returns (Order); }',
        'shop/common.proto':
          'syntax = "proto3"; package common; enum Currency { UNKNOWN = 0; EUR = 1; } message Money { Currency currency = 1; int64 cents = 2; }',
      },
      ['Place', 'Pay'],
    );
    expect(heard.get('shop.Orders/Place')![0]).toMatchObject({
      line: { c: 'EUR' },
      price: { currency: 'EUR' },
    });
    expect(heard.get('shop.Orders/Pay')).toHaveLength(3);
  });

  test('a method that answers with a stream is one; one that takes a stream is not driven', async () => {
    using place = temporaryFolder();
    const from = path.join(place.path, 's.proto');
    writeFileSync(
      from,
      'syntax = "proto3"; message M { string s = 1; } service S { rpc Watch(M) returns (stream M); rpc Tell(stream M) returns (M); }',
    );
    const { scenario, text } = await loadedFrom(place.path, { from });
    expect(scenario.patterns).toMatchObject([{ id: 'watch', interaction: 'server-stream' }]);
    expect(scenario.targets['watch']).toMatchObject({ method: 'S/Watch', stream: { items: 1 } });
    expect(text).toMatch(/# Items after which a stream is complete.*\n +stream:/);
    await expect(loadedFrom(place.path, { from, operations: ['Tell'] })).rejects.toThrow(
      '--operation S/Tell cannot be driven: it takes a stream',
    );
  });

  test('what is no file of Protocol Buffers is named', async () => {
    await expect(driven({ 'n.proto': 'message {' })).rejects.toThrow('is not a valid .proto file');
  });

  test('the example that is in the repository', async () => {
    using place = temporaryFolder();
    const { scenario } = await loadedFrom(place.path, { from: `${EXAMPLES}orders.proto` });
    expect(scenario.targets['place']).toMatchObject({ message: { id: '{{uuid}}', item: 'text' } });
  });
});

// Each unary method of each file is sent, as the generator sends it, to a server that decodes it by that file alone.
test.each<[string, readonly string[], number]>([
  [path.join(GRPC, 'channelz.proto'), [], 7],
  [path.join(GRPC, 'xds/xds/service/orca/v3/orca.proto'), [path.join(GRPC, 'xds')], 0],
  [fileURLToPath(new URL('../../../proto/user_service.proto', import.meta.url)), [], 5],
])('%s', async (file, include, unary) => {
  await using recorder = await startProtoRecorder(file, [
    path.dirname(file),
    ...include,
    path.join(GRPC, 'protoc-gen-validate'),
    LIBRARY,
  ]);
  const driving: string[] = [];
  for (const { name, read } of operationsOfProto({ file, include, folder: path.dirname(file) })) {
    const call = read();
    if ('unsuitable' in call) {
      expect(call.unsuitable).toBe('it takes a stream');
      continue;
    }
    if (call.interaction === 'server-stream') continue;
    driving.push(name);
    expect(call.misfits).toEqual([]);
    const settings = { ...call.settings, proto: file, ...(include.length > 0 ? { include } : {}) };
    expect(
      (await sentTo(recorder.url, { ...call, settings })).map(({ kind }) => kind),
      name,
    ).toEqual(['reply', 'reply', 'reply']);
  }
  expect(recorder.refusals).toEqual([]);
  expect(driving).toHaveLength(unary);
  expect([...recorder.heard.keys()].toSorted()).toEqual(driving.toSorted());
});
