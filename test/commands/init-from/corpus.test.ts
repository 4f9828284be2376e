import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { operationsOfOpenApi } from '../../../src/commands/init-from/openapi/operations.ts';
import { sentTo } from '../../support/openapi/drive.ts';
import { startRecorder } from '../../support/openapi/recorder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const EXAMPLES = `${PACKAGES}@readme/oas-examples`;

interface Expected {
  readonly operations: number;
  /** Operations that are not driven, and why. */
  readonly unsuitable?: Readonly<Record<string, string>>;
  /** Operations whose schema no request meets: the document contradicts itself. */
  readonly misfits?: readonly string[];
}

/** Public documents, of packages that carry them. */
const CORPUS: readonly [string, Expected][] = [
  [
    `${EXAMPLES}/2.0/json/petstore.json`,
    { operations: 20, unsuitable: { 'GET /pet/findByTags': 'it is deprecated' } },
  ],
  [`${EXAMPLES}/2.0/yaml/petstore-expanded.yaml`, { operations: 4 }],
  [
    `${EXAMPLES}/3.0/json/petstore.json`,
    { operations: 20, unsuitable: { 'GET /pet/findByTags': 'it is deprecated' } },
  ],
  [`${EXAMPLES}/3.0/yaml/uspto.yaml`, { operations: 3 }],
  [`${EXAMPLES}/3.0/json/star-trek.json`, { operations: 120 }],
  [`${EXAMPLES}/3.0/json/discriminators.json`, { operations: 10 }],
  [`${EXAMPLES}/3.0/json/parameters-style.json`, { operations: 25 }],
  [`${EXAMPLES}/3.0/json/complex-nesting.json`, { operations: 5 }],
  // Its body may be absent, and no PNG can be made.
  [`${EXAMPLES}/3.0/json/file-uploads.json`, { operations: 3, misfits: ['POST /anything/image-png'] }],
  [`${EXAMPLES}/3.0/json/readme-legacy.json`, { operations: 36 }],
  [`${EXAMPLES}/3.1/json/readme.json`, { operations: 54 }],
  [`${EXAMPLES}/3.1/yaml/train-travel.yaml`, { operations: 7 }],
  [
    `${EXAMPLES}/3.1/json/schema-types.json`,
    { operations: 23, misfits: ['PUT /anything/quirks/polymorphism', 'PATCH /anything/quirks/polymorphism'] },
  ],
  [`${PACKAGES}@scalar/galaxy/dist/3.1.yaml`, { operations: 10 }],
  [`${PACKAGES}@directus/specs/dist/openapi.json`, { operations: 136 }],
  [
    `${PACKAGES}@blockfrost/openapi/openapi.yaml`,
    {
      operations: 129,
      unsuitable: {
        'GET /addresses/{address}/txs': 'it is deprecated',
        'GET /assets/{asset}/txs': 'it is deprecated',
      },
    },
  ],
];

/** Sends each operation of a document, as the generator sends it, to a server that checks it by that document alone. */
async function driveWhole(document: object, file: string, folder: string) {
  await using recorder = await startRecorder(document, folder);
  const operations = await operationsOfOpenApi(file);
  const unsuitable: Record<string, string> = {};
  const misfits: string[] = [];
  for (const { name, read } of operations) {
    const call = read();
    if ('unsuitable' in call) {
      unsuitable[name] = call.unsuitable;
    } else if (call.misfits.length > 0) {
      misfits.push(name);
    } else {
      const results = await sentTo(recorder.url, call);
      expect
        .soft(
          results.map(({ kind }) => kind),
          name,
        )
        .toEqual(['reply', 'reply', 'reply']);
    }
  }
  expect(recorder.refusals).toEqual([]);
  // What follows # tells operations apart in the document alone.
  const bare = (names: Iterable<string>) =>
    [...new Set([...names].map((name) => name.replace(/#.*$/, '')))].toSorted();
  const driven = operations
    .map(({ name }) => name)
    .filter((name) => !(name in unsuitable) && !misfits.includes(name));
  expect(bare(recorder.called)).toEqual(bare(driven));
  return { operations: operations.length, unsuitable, misfits };
}

test.each(CORPUS)('%s', async (file, expected) => {
  using place = temporaryFolder();
  const document = parse(readFileSync(file, 'utf8')) as object;
  const found = await driveWhole(document, file, place.path);
  expect(found).toEqual({ unsuitable: {}, misfits: [], ...expected });
});

// Optional parameters are left out: here each is asked for, in its own style.
test.each([
  '3.0/json/parameters-style',
  '3.1/json/parameters-style',
  '3.0/json/parameters-common',
  '3.0/json/star-trek',
  '2.0/json/petstore',
])('%s with every parameter', async (name) => {
  using place = temporaryFolder();
  const document = parse(readFileSync(`${EXAMPLES}/${name}.json`, 'utf8'), everyParameter) as object;
  const file = path.join(place.path, 'api.json');
  writeFileSync(file, JSON.stringify(document));
  expect((await driveWhole(document, file, place.path)).misfits).toEqual([]);
});

/** Paths that only # tells apart are one path on the wire, of which one operation has other cookies. */
function everyParameter(key: unknown, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (key === 'paths') return Object.fromEntries(Object.entries(value).filter(([at]) => !at.includes('#')));
  return 'in' in value && 'name' in value ? { ...value, required: true } : value;
}
