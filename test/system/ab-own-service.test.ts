import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freePorts } from '../../src/platform/net/ports.ts';
import { readRun } from '../../src/experiments/read-record.ts';
import { quantileUs } from '../../src/measure/figures/histogram.ts';
import { startCli } from './run.ts';

/** A server that is no part of this repository; it says on a line of the log when it begins and when it ends. */
function serverText(version: string, processingMs: number, log: string): string {
  return `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const say = (what) => appendFileSync(${JSON.stringify(log)}, '${version} ' + what + ' ' + process.pid + '\\n');
const server = createServer((request, response) => {
  setTimeout(() => response.end('${version}'), ${processingMs});
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => say('began'));
process.once('SIGTERM', () => {
  say('ended');
  process.exit(0);
});
`;
}

/** Two versions of it in a folder of their own, v1 with a hold of 5 ms and v2 with one of 8 ms. */
function writeVersions() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'own-versions-'));
  const log = path.join(folder, 'log');
  writeFileSync(log, '');
  for (const [version, processingMs] of [
    ['v1', 5],
    ['v2', 8],
  ] as const) {
    mkdirSync(path.join(folder, version));
    writeFileSync(path.join(folder, version, 'server.mjs'), serverText(version, processingMs, log));
  }
  return {
    folder,
    said: () => readFileSync(log, 'utf8').trim().split('\n'),
    command: (version: string, port: number) =>
      `command=${process.execPath} ${path.join(folder, version, 'server.mjs')} ${port}`,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const scenario = (port: number) => `
name: own-versions
title: Two versions of a server
patterns:
  - { id: orders, title: Orders, transport: rest, interaction: request-reply }
targets:
  orders: { url: "http://127.0.0.1:${port}/orders" }
durationMs: 500
warmUp: { calls: 100, probeMs: 0 }
`;

/** Words of a command may be secrets. */
function hidden(change: string): string {
  return `${change.split(' ')[0]} ***`;
}

test('two versions of a server by their commands: each pair starts and ends both, and two pairs are too few', async () => {
  using versions = writeVersions();
  const [port] = (await freePorts(1)) as [number];
  const [v1, v2] = ['v1', 'v2'].map((version) => versions.command(version, port)) as [string, string];
  const out = path.join(versions.folder, 'out.json');
  await using run = startCli(
    (file) => ['ab', file, '--seed', '1', '--pairs', '2', '--out', out, '--a', v1, '--b', v2],
    scenario(port),
  );
  expect(await run.ended, run.stderr()).toBe(11);
  const [a, b] = await Promise.all(['a', 'b'].map((arm) => readRun(`${out}#${arm}`)));
  expect([a!.interleave, b!.interleave]).toMatchObject([
    { arm: 'a', title: `${hidden(v1)} (of --a)`, mode: 'pairs' },
    { arm: 'b', title: `${hidden(v2)} (of --b)`, mode: 'pairs' },
  ]);
  expect(a!.interleave!.id).toBe(b!.interleave!.id);
  for (const [result, processingMs] of [
    [a!, 5],
    [b!, 8],
  ] as const) {
    expect(result.trials.map(({ state, planned }) => [state, planned])).toEqual([
      ['done', 100],
      ['done', 100],
    ]);
    // No answer can have come before its hold was over, but for the timer's own granularity.
    for (const { phases } of result.trials) {
      expect(phases[0]!.outcomes).toEqual({ ok: 100 });
      expect(quantileUs(phases[0]!.response, 0.5)).toBeGreaterThan((processingMs - 1) * 1000);
    }
  }
  // Each trial had a process of its own, and all of them were asked to end.
  const said = versions.said();
  for (const version of ['v1', 'v2']) {
    const pids = (what: string) =>
      said.filter((line) => line.startsWith(`${version} ${what}`)).map((line) => line.split(' ')[2]);
    expect(new Set(pids('began')).size).toBe(2);
    expect(pids('ended')).toEqual(pids('began'));
  }
  expect(run.find(/server\.mjs/)).toEqual([]);
  expect(run.stdout()).toMatch(/^Inconclusive: Orders/m);
}, 120_000);
