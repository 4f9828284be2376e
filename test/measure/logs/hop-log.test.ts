import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openHopWriter, readHopLog } from '../../../src/measure/logs/hop-log.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-hop-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes until it is told that it can't, under the shell's bound on a file's size: the last write takes a part. */
const WRITER = `
import { openHopWriter } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../../src/measure/logs/hop-log.ts'))};
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

it('is read whole, however long, and what was cut off at its end is told', () => {
  const file = path.join(folder, 'long.ndjson');
  const count = 20_000;
  {
    using log = openHopWriter(file);
    for (let sequence = 0; sequence < count; sequence++) {
      log.write({
        type: 'policy',
        edge: 0,
        atNs: 1,
        policy: 'retry',
        what: 'retried',
        cause: 'über',
        sequence,
      });
    }
  }
  // More than one piece, so that pieces end within lines, and within letters.
  expect(statSync(file).size).toBeGreaterThan(2 ** 20);
  appendFileSync(file, '{"type":"pol');
  const { events, torn } = readHopLog(file);
  expect(torn).toBe(1);
  const seen = events.flatMap((event) =>
    event.type === 'policy' ? [`${event.sequence} ${event.cause}`] : [],
  );
  expect(seen).toEqual(Array.from({ length: count }, (_, i) => `${i} über`));
});
