import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/kernel/envelope.ts';
import type { Address, Connection, Message } from '../../../src/kernel/transport.ts';
import { openEffectReader } from '../../../src/measure/logs/effect-log.ts';
import type { ServiceConfig } from '../../../src/plan/service-config.ts';
import { type Hub, openHub, type Peer } from '../../../src/platform/ipc/hub.ts';
import type { SeededDefectRecord } from '../../../src/components/service/seeded-defects.ts';
import { loadTransportDefinition } from '../../../src/transports/discover.ts';
import { USUAL_OPTIONS } from '../../support/usual-options.ts';

const MARK = 'test-mark';
const SERVICE = path.resolve(import.meta.dirname, '../../../src/components/service/service.ts');
const anyTime = new AbortController().signal;

let folder: string;
let hub: Hub;
let children: ChildProcess[];
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-service-'));
  hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: MARK });
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await hub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A service process as the CLI starts it, its words and its end. */
function start(settings: Partial<ServiceConfig> = {}) {
  const config: ServiceConfig = {
    version: 1,
    name: 'service',
    mark: MARK,
    socketPath: hub.path,
    transport: 'rest',
    interaction: 'request-reply',
    options: USUAL_OPTIONS['rest'],
    isBrokers: false,
    contract: 'users',
    address: null,
    concurrency: 4,
    queue: 10,
    processingMs: 0,
    subscriber: 0,
    hop: null,
    effectLogPath: path.join(folder, 'effects.bin'),
    countBytes: false,
    seededDefects: null,
    ...settings,
  };
  const configPath = path.join(folder, `config-${children.length}.json`);
  writeFileSync(configPath, JSON.stringify(config));
  const child = spawn(process.execPath, [SERVICE, configPath], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  const words = text(child.stderr);
  const ended = once(child, 'close').then(async ([code]) => ({ code: code as number, words: await words }));
  return { child, ended, peer: hub.expect('service', anyTime) };
}

async function addressOf(peer: Promise<Peer>): Promise<Address> {
  const ready = await (await peer).next('ready', anyTime);
  return ready['address'] as Address;
}

async function connectTo(address: Address): Promise<Connection> {
  const definition = await loadTransportDefinition('rest');
  const open = await definition.parts.connect();
  return open(address, { options: definition.options.parse({}), interaction: 'request-reply' });
}

function createUser(sequence: number): Message {
  return {
    operation: 'createUser',
    body: { email: `user.${sequence}@example.com`, name: 'User' },
    envelope: { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0 },
  };
}

function recordedSequences(): number[] {
  using log = openEffectReader(path.join(folder, 'effects.bin'));
  return log.read().map((effect) => effect.sequence);
}

describe('the service process', () => {
  it('says hello, then ready with its address, and ends on SIGTERM with code 0', async () => {
    const service = start();
    expect((await service.peer).pid).toBe(service.child.pid);
    const address = await addressOf(service.peer);
    await using connection = await connectTo(address);
    expect(await connection.send(createUser(1))).toMatchObject({ kind: 'reply', body: { status: 'ACTIVE' } });
    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, words: '' });
    expect(await connection.send(createUser(2))).toMatchObject({ outcome: 'refused', noEffect: true });
    expect(recordedSequences()).toEqual([1]);
  });

  it('says on order how many bytes it has sent and received', async () => {
    const service = start({ countBytes: true });
    const peer = await service.peer;
    const { url } = await addressOf(service.peer);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const body = JSON.stringify({ email: 'user@example.com', name: 'User' });
    const request = [
      'POST /users HTTP/1.1',
      'host: 127.0.0.1',
      `x-commbench: ${encodeEnvelope(createUser(1).envelope)}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const counted = async () => {
      peer.send({ type: 'count' });
      const { sent, received } = await peer.next('counted', anyTime);
      return { sent, received };
    };
    expect(await counted()).toEqual({ sent: 0, received: 0 });
    let heard = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
    socket.write(request);
    while (!heard.includes('ACTIVE')) await once(socket, 'data');
    expect(await counted()).toEqual({ sent: heard.length, received: request.length });
    socket.destroy();
  });

  it('finishes what it has in hand when it is asked to end', async () => {
    const service = start({ processingMs: 50 });
    await using connection = await connectTo(await addressOf(service.peer));
    await connection.send(createUser(0));
    const sent = [1, 2, 3].map((sequence) => connection.send(createUser(sequence)));
    await sent[0];
    service.child.kill('SIGTERM');
    const results = await Promise.all(sent);
    expect((await service.ended).code).toBe(0);
    const answered = results.flatMap((result, i) => (result.kind === 'reply' ? [i + 1] : []));
    expect(new Set(recordedSequences())).toEqual(new Set([0, ...answered]));
  });

  it('ends in order while one that it calls says nothing', async () => {
    const hop = {
      seed: 1,
      hopLogPath: path.join(folder, 'hops'),
      edges: [],
      faults: [],
      loadStartNs: 0,
      idempotent: false,
      deadlineMs: 1000,
    };
    const hang = { id: 'silent', do: 'hang', options: {}, from: 0, to: 10, fromMs: 0, toMs: 1e9 };
    const leaf = start({ hop: { ...hop, service: 1, faults: [hang], listens: [] }, subscriber: 1 });
    const edge = {
      index: 0,
      id: 'root-leaf',
      operations: null,
      policies: [],
      switches: [],
      mostAttempts: 1,
      patience: 'refuse' as const,
      options: USUAL_OPTIONS['rest'],
    };
    const toLeaf = {
      transport: 'rest',
      interaction: 'request-reply',
      address: await addressOf(leaf.peer),
    } as const;
    const root = start({ hop: { ...hop, service: 0, edges: [{ ...edge, ...toLeaf }], listens: [] } });
    await using connection = await connectTo(await addressOf(root.peer));
    const result = connection.send(createUser(1));
    while (!readFileSync(hop.hopLogPath, 'utf8').includes('silent')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { child } of [root, leaf]) child.kill('SIGTERM');
    expect(await result).toMatchObject({ kind: 'failure', noEffect: false });
    expect(await root.ended).toEqual({ code: 0, words: '' });
    expect(await leaf.ended).toEqual({ code: 0, words: '' });
    expect(recordedSequences()).toEqual([]);
  });

  it('ends when the hub closes', async () => {
    const service = start();
    await addressOf(service.peer);
    await hub[Symbol.asyncDispose]();
    expect((await service.ended).code).not.toBe(0);
  });

  it.each([
    [
      'a contract that does not exist',
      { contract: 'user' },
      /Expected a contract, found user.*Did you mean users\?/s,
    ],
    [
      'a transport that does not exist',
      { transport: 'rset' },
      /Expected a transport, found rset.*Did you mean rest\?/s,
    ],
    [
      'an effect log that cannot be written',
      { effectLogPath: '/nowhere/effects.bin' },
      /\/nowhere\/effects\.bin/,
    ],
  ])('fails with its words and code 1 on %s', async (_what, settings, words) => {
    const service = start(settings);
    await expect(addressOf(service.peer)).rejects.toThrow(/could not go on/);
    const end = await service.ended;
    expect(end.code).toBe(1);
    expect(end.words).toMatch(words);
  });

  it('fails on a taken port, and says which', async () => {
    const first = start();
    const address = await addressOf(first.peer);
    const second = start({ address });
    await expect(addressOf(second.peer)).rejects.toThrow(new URL(address.url).port);
    expect((await second.ended).code).toBe(1);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'does not answer, but ends, when an effect cannot be recorded',
    async () => {
      const service = start({ effectLogPath: '/dev/full' });
      await using connection = await connectTo(await addressOf(service.peer));
      const result = await connection.send(createUser(1));
      expect(result).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
      const end = await service.ended;
      expect(end.code).toBe(1);
      expect(end.words).toMatch(/ENOSPC|no space/i);
    },
  );

  it('seeded defects defects that only the effect log shows', async () => {
    const logPath = path.join(folder, 'seeded defects.ndjson');
    const service = start({
      seededDefects: { subscriber: 0, hold: null, lose: [1], double: [2], reorder: [3], logPath },
    });
    await using connection = await connectTo(await addressOf(service.peer));
    for (let sequence = 0; sequence < 6; sequence++) {
      expect(await connection.send(createUser(sequence))).toMatchObject({ kind: 'reply' });
    }
    expect(recordedSequences()).toEqual([0, 2, 2, 4, 3, 5]);
    const lines = readFileSync(logPath, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as SeededDefectRecord)).toMatchObject([
      { defect: 'lose', sequence: 1 },
      { defect: 'double', sequence: 2 },
      { defect: 'reorder', sequence: 3, overtakenBy: 4 },
    ]);
  });
});
