import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeEnvelope, type Envelope, ENVELOPE_HEADER } from '../../src/kernel/envelope.ts';
import type { GeneratorMessage, GeneratorOrder, GeneratorPlan } from '../../src/plan/generator-plan.ts';
import { outcomeAt, readArrivals } from '../../src/measure/logs/arrivals.ts';
import { createSchedule } from '../../src/measure/schedule.ts';
import { openHub } from '../../src/platform/ipc/hub.ts';
import { USUAL_OPTIONS } from '../support/usual-options.ts';

const GENERATOR = path.resolve(import.meta.dirname, '../../src/generator/generator.ts');
const anyTime = new AbortController().signal;

let folder: string;
let server: Server;
let children: ChildProcess[];
/** Envelopes in the order in which they came. */
let seen: Envelope[];
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-generator-'));
  children = [];
  seen = [];
  answer = (_request, response, body) => void response.end(body);
  server = createServer((request, response) => {
    const envelope = decodeEnvelope(String(request.headers[ENVELOPE_HEADER]));
    if (envelope) seen.push(envelope);
    void text(request).then((body) => answer(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function start(settings: Partial<GeneratorPlan> = {}) {
  const name = `generator-${children.length}`;
  const plan: GeneratorPlan = {
    version: 1,
    name,
    mark: 'test-mark',
    trial: 9,
    seed: 4,
    transport: 'rest',
    interaction: 'request-reply',
    options: USUAL_OPTIONS['rest'],
    address: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    contract: 'echo-64',
    mix: [{ operation: 'echo', share: 1 }],
    keys: 5,
    load: { shape: 'constant', ratePerS: 200 },
    durationMs: 500,
    deadlineMs: 5000,
    patience: 'refuse',
    drainMs: 5000,
    warmUp: null,
    closedLoops: [],
    steadyState: null,
    pacing: 'nap',
    countBytes: false,
    shard: { index: 0, count: 1 },
    arrivalsPath: path.join(folder, `${name}.arrivals`),
    socketPath: null,
    ...settings,
  };
  const planPath = path.join(folder, `${name}.json`);
  writeFileSync(planPath, JSON.stringify(plan));
  const child = spawn(process.execPath, [GENERATOR, planPath], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = text(child.stdout);
  const words = text(child.stderr);
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number,
    words: await words,
    lines: (await said)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as GeneratorMessage),
  }));
  return { child, plan, ended };
}

const typesOf = (lines: readonly GeneratorMessage[]) => lines.map((line) => line.type);

describe('a generator on its own', () => {
  it('says what it does, numbered, and leaves the instants of every arrival', async () => {
    const { ended, plan } = start();
    const { code, lines, words } = await ended;
    expect({ code, words }).toEqual({ code: 0, words: '' });
    expect(typesOf(lines)).toEqual(['hello', 'paced', 'ready', 'started', 'sent', 'done']);
    expect(lines.map((line) => line.n)).toEqual([0, 1, 2, 3, 4, 5]);
    const arrivals = readArrivals(plan.arrivalsPath);
    expect(arrivals.count).toBe(100);
    const schedule = createSchedule(plan.load, plan.durationMs, plan.seed);
    for (let i = 0; i < 100; i++) {
      expect(outcomeAt(arrivals, i)).toBe('ok');
      const intended = arrivals.startNs + schedule.intendedNs(i);
      expect(arrivals.dispatchedNs[i]).toBeGreaterThanOrEqual(intended);
      expect(arrivals.sentNs[i]).toBeGreaterThanOrEqual(arrivals.dispatchedNs[i]!);
      expect(arrivals.acknowledgedNs[i]).toBeGreaterThan(arrivals.sentNs[i]!);
    }
    expect(seen.map((e) => e.sequence).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect(new Set(seen.map((e) => `${e.trial} ${e.stage}`))).toEqual(new Set(['9 measured']));
  });

  it('warms up, runs closed loops, settles and measures, each with numbers of its own', async () => {
    const { ended } = start({
      warmUp: { calls: 50, concurrency: 4, forMs: 0, mostMs: null },
      closedLoops: [
        { open: 2, forMs: 1 },
        { open: 8, forMs: 1 },
      ],
      steadyState: { window: 10, maxWindows: 10 },
      pacing: 'auto',
    });
    const { code, lines } = await ended;
    expect(code).toBe(0);
    expect(typesOf(lines)).toEqual([
      'hello',
      'paced',
      'warmed',
      'looped',
      'looped',
      'settled',
      'ready',
      'started',
      'sent',
      'done',
    ]);
    const counts = { 'warm-up': 0, 'steady-state': 0, measured: 0 };
    for (const { stage } of seen) counts[stage]++;
    const calls = lines.flatMap((line) =>
      line.type === 'warmed' || line.type === 'looped' ? line.calls : [],
    );
    const warmUpCalls = calls.reduce((sum, one) => sum + one, 0);
    const numbers = seen.filter(({ stage }) => stage === 'warm-up').map(({ sequence }) => sequence);
    expect(new Set(numbers).size).toBe(numbers.length);
    const settled = lines.find((line) => line.type === 'settled')!;
    expect(counts).toEqual({ 'warm-up': warmUpCalls, 'steady-state': settled.calls, measured: 100 });
  });

  it('in shards does together exactly what one does alone', async () => {
    const shards = [0, 1, 2].map((index) => start({ shard: { index, count: 3 } }));
    for (const { ended } of shards) expect((await ended).code).toBe(0);
    expect(shards.map(({ plan }) => readArrivals(plan.arrivalsPath).count)).toEqual([34, 33, 33]);
    const inShards = new Map(seen.map((e) => [e.sequence, e.key]));
    seen = [];
    expect((await start().ended).code).toBe(0);
    expect(inShards).toEqual(new Map(seen.map((e) => [e.sequence, e.key])));
  });

  it('keeps to its schedule while nobody answers, and says so of each call', async () => {
    answer = () => undefined;
    const { ended, plan } = start({ deadlineMs: 100, durationMs: 300 });
    const { code } = await ended;
    expect(code).toBe(0);
    const arrivals = readArrivals(plan.arrivalsPath);
    for (let i = 0; i < 60; i++) expect(outcomeAt(arrivals, i)).toBe('timeout');
  });

  it('sends a target of the user’s own plain GETs of its path, any 2xx is ok', async () => {
    const asked = new Set<string>();
    answer = (request, response, body) => {
      asked.add(`${request.method} ${request.url} ${String(request.headers[ENVELOPE_HEADER])} ${body}`);
      response.writeHead(202).end('no JSON');
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { ended, plan } = start({ address: { url, path: '/path?x=1' }, durationMs: 100 });
    expect((await ended).code).toBe(0);
    expect([...asked]).toEqual(['GET /path?x=1 undefined ']);
    const arrivals = readArrivals(plan.arrivalsPath);
    for (let i = 0; i < 20; i++) expect(outcomeAt(arrivals, i)).toBe('ok');
  });

  it('ends at once with 143 on SIGTERM, without the rest of its load', async () => {
    const { child, ended, plan } = start({ durationMs: 60_000 });
    answer = (_request, response, body) => {
      child.kill('SIGTERM');
      response.end(body);
    };
    const { code, lines } = await ended;
    expect(code).toBe(143);
    expect(typesOf(lines)).not.toContain('sent');
    expect(() => readArrivals(plan.arrivalsPath)).toThrow();
  });

  it('says what it can’t do, with the exit code of the cause', async () => {
    const { code, lines, words } = await start({ transport: 'rset' }).ended;
    expect(code).toBe(2);
    expect(lines.at(-1)).toMatchObject({ type: 'failed' });
    expect(words).toContain('Expected a transport, found rset');
  });

  it('without a hub must know whom to call', async () => {
    const { code, words } = await start({ address: null }).ended;
    expect(code).toBe(2);
    expect(words).toContain('A stand-alone plan needs an address');
  });
});

const goNow = (): GeneratorOrder => ({ type: 'go', startNs: Number(process.hrtime.bigint()) });

describe('a generator with a hub', () => {
  it('waits for its orders, and begins at the instant it was given', async () => {
    await using hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: 'test-mark' });
    const { ended, plan } = start({ socketPath: hub.path });
    const peer = await hub.expect(plan.name, anyTime);
    await peer.next('paced', anyTime);
    peer.send({ type: 'settle' });
    await peer.next('ready', anyTime);
    expect(seen).toEqual([]);
    const startNs = Number(process.hrtime.bigint()) + 50e6;
    const go: GeneratorOrder = { type: 'go', startNs };
    peer.send(go);
    await peer.next('done', anyTime);
    expect((await ended).code).toBe(0);
    expect(readArrivals(plan.arrivalsPath).startNs).toBe(startNs);
  });

  it('is told whom to call where its plan doesn’t say', async () => {
    await using hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: 'test-mark' });
    const { ended, plan } = start({ socketPath: hub.path, address: null });
    const peer = await hub.expect(plan.name, anyTime);
    const { port } = server.address() as AddressInfo;
    const connect: GeneratorOrder = { type: 'connect', address: { url: `http://127.0.0.1:${port}` } };
    peer.send(connect);
    peer.send({ type: 'settle' });
    await peer.next('ready', anyTime);
    peer.send(goNow());
    await peer.next('done', anyTime);
    expect((await ended).code).toBe(0);
    expect(seen.length).toBe(100);
  });

  it('counts the bytes of its measured calls as the other side saw them, the hub left out', async () => {
    const sockets: Socket[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket));
    const all = () => ({
      sent: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      received: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    });
    await using hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: 'test-mark' });
    const warmUp = { calls: 40, concurrency: 2, forMs: 0, mostMs: null };
    const { ended, plan } = start({ socketPath: hub.path, countBytes: true, warmUp });
    const peer = await hub.expect(plan.name, anyTime);
    await peer.next('warmed', anyTime);
    const before = all();
    expect(before.sent).toBeGreaterThan(40 * 64);
    peer.send({ type: 'settle' });
    peer.send(goNow());
    const done = await peer.next('done', anyTime);
    expect(done['wire']).toEqual({
      sent: all().sent - before.sent,
      received: all().received - before.received,
    });
    expect((await ended).code).toBe(0);
  });

  it('ends when the hub is gone', async () => {
    const hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: 'test-mark' });
    const { ended, plan } = start({ socketPath: hub.path, durationMs: 60_000 });
    const peer = await hub.expect(plan.name, anyTime);
    await peer.next('paced', anyTime);
    await hub[Symbol.asyncDispose]();
    expect((await ended).code).toBe(143);
  });
});
