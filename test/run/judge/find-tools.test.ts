import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTools } from '../../../src/run/judge/find-tools.ts';
import { argumentsFor } from '../../../src/run/judge/tool.ts';
import { worksOf } from '../../../src/run/judge/works.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-tools-'));
  for (const name of ['hey', 'ghz', 'elsewhere']) {
    writeFileSync(path.join(folder, name), '#!/bin/sh\n');
    chmodSync(path.join(folder, name), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const find = (names: string[], given: Parameters<typeof findTools>[1] = []) =>
  findTools(names, given, folder);
const namesOf = (tools: readonly { readonly tool: { readonly name: string } }[]) =>
  tools.map(({ tool }) => tool.name);

test('of the tools asked for those on the PATH are found, ourselves always, over gRPC where a rival is', () => {
  const http = find(['hey', 'fortio']);
  expect(namesOf(http.found)).toEqual(['commbench', 'hey']);
  expect(http.missing.map(({ name }) => name)).toEqual(['fortio']);
  expect(namesOf(find(['ghz']).found)).toEqual(['commbench', 'commbench gRPC', 'ghz', 'ghz --async']);
  expect(namesOf(find(['commbench']).found)).toEqual(['commbench']);
});

test('a known tool that is elsewhere keeps its own arguments, after those given', () => {
  const { found, missing } = find(['k6'], [{ name: 'k6', words: ['elsewhere', '-v'] }]);
  expect(found[1]).toMatchObject({
    file: path.join(folder, 'elsewhere'),
    first: ['-v'],
    tool: { name: 'k6' },
  });
  expect(missing).toEqual([]);
});

test('a tool of no name known gets what its command asks for', () => {
  const words = ['elsewhere', '--to={url}', '{rate}', '{seconds}s', '{connections}', '{what}'];
  const { tool } = find(['hey'], [{ name: 'mine', words }]).found.at(-1)!;
  const [work] = worksOf('http', { ratesPerS: [2000], seconds: 8, ratesOnly: true });
  const job = { work: work!, port: 81, connections: 4, outPath: '/o', inPath: '/i' };
  expect(argumentsFor(tool, job)).toEqual(['--to=http://127.0.0.1:81/', '2000', '8s', '4', '{what}']);
  expect(argumentsFor(tool, { ...job, work: { ...work!, kind: 'one' } })).toBeUndefined();
});

test.each([
  [['hay'], [], 'found hay'],
  [[], [{ name: 'mine', words: ['elsewhere', '{url}'] }], 'Expected {url} and {rate} in its command'],
  [[], [{ name: 'mine', words: ['nowhere', '{url}', '{rate}'] }], 'found no nowhere'],
  [[], [{ name: 'commbench', words: ['elsewhere', '{url}', '{rate}'] }], 'another name than commbench'],
])('what can not be: %j %j', (names, given, message) => {
  expect(() => find(names, given)).toThrow(message);
});
