import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readResult } from '../../../src/record/store.ts';
import { commbench } from '../../support/cli.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A real run, as small as it can be: what it says is not measured here. */
const SMALL = [
  '--rounds',
  '2',
  '--duration',
  '300ms',
  '--rate',
  '100',
  '--seed',
  '7',
  '--set',
  'noop=false',
  '--set',
  'serviceOutage=null',
  '--set',
  'warmUp={calls: 50, concurrency: 4, probeMs: 0}',
];

test('run measures, reports and stores; replay does the same again; patterns without a broker are not run', () => {
  const first = commbench(['run', 'rest-vs-queue', ...SMALL, '--skip-brokers', '--format', 'csv'], {
    cwd: folder,
  });
  expect(first.code).toBe(3);
  expect(first.stdout).toMatch(/^section,pattern,part,metric/);
  expect(first.stderr).toMatch(/^1\/2 REST, round 1 of 2: (valid|NOT VALID)/m);
  const [page = '', file = ''] = readdirSync(path.join(folder, 'results')).toSorted();
  expect(file).toMatch(/^rest-vs-queue-\d{8}T\d{6}\.json$/);
  expect(page).toBe(file.replace('.json', '.html'));
  expect(first.stderr.trimEnd().split('\n').at(-1)).toBe(`Page: results/${page} (open it in a browser)`);
  const result = readResult(path.join(folder, 'results', file));
  expect(result).toMatchObject({
    state: 'incomplete',
    seed: 7,
    patterns: [{ state: 'run' }, { state: 'not-run' }],
  });
  expect(result.trials.map((t) => [t.pattern, t.round, t.planned])).toEqual([
    ['rest', 1, 30],
    ['rest', 2, 30],
  ]);

  const again = commbench(
    ['replay', path.join('results', file), '--skip-brokers', '--quiet', '--out', 'again.json'],
    { cwd: folder },
  );
  expect(again).toMatchObject({ code: 3, stderr: '' });
  const replayed = readResult(path.join(folder, 'again.json'));
  expect(replayed.design.order).toEqual(result.design.order);
  expect(replayed.scenario).toEqual(result.scenario);
  expect(replayed.startedAt).not.toBe(result.startedAt);
});

const VARIED = `name: varied
title: Two loads
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
variants:
  - { id: slow, title: Slow, load: { shape: constant, ratePerS: 20 } }
  - { id: fast, title: Fast, load: { shape: constant, ratePerS: 100 }, mix: [{ operation: getUser }] }
  - { id: odd, title: Odd, contract: echo-100, mix: [{ operation: echo }] }
`;

test('chosen variants are run, each with its own load, and replayed alike', () => {
  writeFileSync(path.join(folder, 'varied.yaml'), VARIED);
  const small = ['--quiet', '--duration', '300ms', '--rounds', '1', '--set', 'noop=false'];
  const warm = ['--set', 'warmUp={calls: 50, concurrency: 4, probeMs: 0}'];
  const options = [...small, ...warm, '--variants', 'slow,fast', '--out', 'varied.json'];
  expect(commbench(['run', 'varied.yaml', ...options], { cwd: folder })).toMatchObject({ code: 0 });
  const result = readResult(path.join(folder, 'varied.json'));
  expect(result.trials.map((t) => [t.variant, t.planned, t.state]).toSorted()).toEqual([
    ['fast', 30, 'done'],
    ['slow', 6, 'done'],
  ]);
  const again = commbench(['replay', 'varied.json', '--quiet', '--out', 'again.json'], { cwd: folder });
  expect(again).toMatchObject({ code: 0 });
  expect(readResult(path.join(folder, 'again.json')).design.order).toEqual(result.design.order);
});

test('a variant that there is not, and one that asks for what there is not, are refused with their places', () => {
  writeFileSync(path.join(folder, 'varied.yaml'), VARIED);
  const unknown = commbench(['run', 'varied.yaml', '--variants', 'fsat'], { cwd: folder });
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(
    '--variants: Expected a variant of varied (slow, fast, odd), found fsat. Did you mean fast?',
  );
  const broken = VARIED.replace('getUser', 'gteUser').replace('echo-100', 'ehco-100');
  writeFileSync(path.join(folder, 'broken.yaml'), broken);
  const refused = commbench(['run', 'broken.yaml'], { cwd: folder });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('variants[1].mix[0].operation: Expected an operation of users');
  expect(refused.stderr).toContain('variants[2].contract: Expected a contract, found ehco-100');
});

test('an interrupted run reports the trials that were finished', async () => {
  // Not spawnSync: it is interrupted on the way.
  const args = [CLI, 'run', 'rest-vs-queue', '--patterns', 'rest', ...SMALL, '--out', 'r.json'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [text, report] = ['', ''];
  child.stdout.on('data', (chunk) => (report += String(chunk)));
  for await (const chunk of child.stderr) {
    text += String(chunk);
    // The second trial has begun by then, or is about to.
    if (/^1\/2 .*: /m.test(text) && !child.killed) child.kill('SIGINT');
  }
  expect(text).toContain('Shutting down; press Ctrl-C again to force quit.');
  expect(text.trimEnd().split('\n').at(-1)).toBe('commbench: Interrupted');
  expect(report).toContain('! The run ended early: 1 of 2 trials are here');
  expect(report).toMatch(/^[01] of 2 trials valid; .*1 not run$/m);
  expect(report).toContain('Result: r.json');
  expect(readResult(path.join(folder, 'r.json'))).toMatchObject({
    state: 'interrupted',
    trials: [{ round: 1 }],
  });
});

test('a URL of the user is driven; what was done there is not known', async () => {
  let requests = 0;
  await using server = createServer((request, response) => {
    requests++;
    request.resume();
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const args = [
    'run',
    'rest-vs-queue',
    '--patterns',
    'rest',
    ...SMALL,
    '--target',
    `rest=http://127.0.0.1:${port}/anything`,
    '--out',
    'r.json',
    '--quiet',
  ];
  // Not spawnSync: the server lives in this process.
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  const result = readResult(path.join(folder, 'r.json'));
  expect(result.trials.map((t) => t.evidence)).toEqual(['none', 'none']);
  expect(requests).toBeGreaterThanOrEqual(60);
});
