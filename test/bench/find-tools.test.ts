import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTools } from '../../bench/tools/find-tools.ts';
import { argumentsFor } from '../../bench/tools/tool.ts';
import { worksOf } from '../../bench/tools/works.ts';

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

test('a known tool given counts as asked for, for every way to use it', () => {
  const k6 = { name: 'k6', words: ['elsewhere'] };
  expect(namesOf(find(['hey'], [k6]).found)).toEqual(['commbench', 'k6', 'hey']);
  const { found } = find(['hey'], [{ name: 'ghz', words: ['elsewhere'] }]);
  const ghz = found.filter(({ tool }) => tool.program === 'ghz');
  expect(ghz.map(({ tool, file }) => [tool.name, path.basename(file)])).toEqual([
    ['ghz', 'elsewhere'],
    ['ghz --async', 'elsewhere'],
  ]);
});

test('over gRPC everybody has as many connections, and no more than callers', () => {
  const [, own, ghz] = find(['ghz']).found;
  const [work] = worksOf('grpc', { ratesPerS: [500], seconds: 5, ratesOnly: true });
  for (const [connections, channels] of [
    [32, 4],
    [2, 2],
  ] as const) {
    const job = { work: work!, port: 81, connections, outPath: '/o', inPath: '/i' };
    expect(JSON.parse(own!.tool.input!.text(job))).toMatchObject({ options: { channels } });
    const args = argumentsFor(ghz!.tool, job)!;
    expect(args[args.indexOf('--connections') + 1]).toBe(String(channels));
  }
});

test('a rate that is told twice is one work', () => {
  const works = worksOf('http', { ratesPerS: [500, 2000, 500], seconds: 5, ratesOnly: true });
  expect(works.map(({ ratePerS }) => ratePerS)).toEqual([500, 2000]);
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
  [[], [{ name: 'mine', words: ['/no/such/tool', '{url}', '{rate}'] }], 'found no /no/such/tool'],
  [[], [1, 2].map(() => ({ name: 'k6', words: ['elsewhere'] })), 'Expected each name once, found k6 again'],
  [[], [{ name: 'commbench', words: ['elsewhere', '{url}', '{rate}'] }], 'another name than commbench'],
])('what can not be: %j %j', (names, given, message) => {
  expect(() => find(names, given)).toThrow(message);
});
