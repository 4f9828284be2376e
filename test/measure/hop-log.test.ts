import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readHopLog } from '../../src/measure/hop-log.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-hop-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes until it is told that it can't, under the shell's bound on a file's size: the last write takes a part. */
const WRITER = `
import { openHopWriter } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../src/measure/hop-log.ts'))};
const [path] = process.argv.slice(-1);
using log = openHopWriter(path);
let written = 0;
try {
  for (; written < 1000; written++) log.write({ type: 'ended', call: written, outcome: 'ok', status: 0, atNs: 1 });
} catch (error) {
  console.log(written + ' ' + error.code);
}`;

it.skipIf(!existsSync('/bin/bash'))('a line of which only a part was taken is an error at once', () => {
  const file = path.join(folder, 'full.ndjson');
  const bounded = `ulimit -f 1; exec "$0" --input-type=module -e "$1" "$2"`;
  const said = execFileSync('/bin/bash', ['-c', bounded, process.execPath, WRITER, file], {
    encoding: 'utf8',
  });
  const { events, torn } = readHopLog(file);
  expect(statSync(file).size).toBe(1024);
  expect(said.trim()).toBe(`${events.length} disk-full`);
  expect(torn).toBe(1);
});
