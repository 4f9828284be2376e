import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { operationsOfOpenApi } from '../../../src/commands/init-from/openapi/operations.ts';
import { sentTo } from '../../support/openapi/drive.ts';
import { startRecorder } from '../../support/openapi/recorder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { resolve } = createRequire(import.meta.url);
const EXAMPLES = path.join(path.dirname(resolve('@readme/oas-examples/package.json')));

interface Expected {
  readonly operations: number;
  /** Operations that are not driven, and why. */
  readonly unsuitable?: Readonly<Record<string, string>>;
  /** Operations whose schema no request meets: the document contradicts itself. */
  readonly misfits?: readonly string[];
}

/** Public documents, of packages that carry them. */
const CORPUS: readonly [string, Expected][] = [
  [`${EXAMPLES}/2.0/json/petstore.json`, { operations: 20, unsuitable: { 'GET /pet/findByTags': 'it is deprecated' } }],
  [`${EXAMPLES}/2.0/yaml/petstore-expanded.yaml`, { operations: 4 }],
  [`${EXAMPLES}/3.0/json/petstore.json`, { operations: 20, unsuitable: { 'GET /pet/findByTags': 'it is deprecated' } }],
  [`${EXAMPLES}/3.0/yaml/uspto.yaml`, { operations: 3 }],
  [`${EXAMPLES}/3.0/json/star-trek.json`, { operations: 120 }],
  [`${EXAMPLES}/3.0/json/discriminators.json`, { operations: 10 }],
  [`${EXAMPLES}/3.0/json/parameters-style.json`, { operations: 25 }],
  [`${EXAMPLES}/3.0/json/complex-nesting.json`, { operations: 0 }],
  [`${EXAMPLES}/3.0/json/file-uploads.json`, { operations: 0 }],
  [`${EXAMPLES}/3.0/json/readme-legacy.json`, { operations: 36 }],
  [`${EXAMPLES}/3.1/json/readme.json`, { operations: 54 }],
  [`${EXAMPLES}/3.1/yaml/train-travel.yaml`, { operations: 0 }],
  [`${EXAMPLES}/3.1/json/schema-types.json`, { operations: 0 }],
  [path.join(path.dirname(resolve('@scalar/galaxy/package.json')), 'dist/3.1.yaml'), { operations: 10 }],
  [path.join(path.dirname(resolve('@directus/specs/package.json')), 'dist/openapi.json'), { operations: 136 }],
  [path.join(path.dirname(resolve('@blockfrost/openapi/package.json')), 'openapi.yaml'), { operations: 129 }],
];

// Each operation of each document is sent, as the generator sends it, to a server that checks it by that document alone.
test.each(CORPUS)('%s', async (file, expected) => {
  using place = temporaryFolder();
  const document = parse(readFileSync(file, 'utf8')) as object;
  await using recorder = await startRecorder(document, place.path);
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
      expect.soft(results.map(({ kind }) => kind), name).toEqual(['reply', 'reply', 'reply']);
    }
  }
  expect(recorder.refusals).toEqual([]);
  expect({ operations: operations.length, unsuitable, misfits }).toEqual({ unsuitable: {}, misfits: [], ...expected });
  const driven = operations.map(({ name }) => name).filter((name) => !(name in unsuitable) && !misfits.includes(name));
  expect([...recorder.called].toSorted()).toEqual(driven.toSorted());
});
