import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/kernel/errors.ts';
import { type Hub, openHub } from '../../../src/platform/ipc/hub.ts';

const MARK = 'right-mark';
/** A hang guard. */
const patience = AbortSignal.timeout(50_000);
let folder: string;
let hub: Hub;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cb-hub-'));
  hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: MARK });
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function startChild(name: string) {
  const file = fileURLToPath(new URL('./fixtures/hub-child.ts', import.meta.url));
  return spawn(process.execPath, [file, hub.path, MARK, name], { stdio: 'inherit' });
}

/** A connection that says just this. */
function sayRaw(...lines: unknown[]) {
  const socket = connect(hub.path).on('error', () => {});
  for (const line of lines) socket.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return socket;
}

function hello(name: string) {
  return { type: 'hello', name, mark: MARK, pid: 7 };
}

describe('a child process', () => {
  test('says, is told, and leaves in peace', async () => {
    const expected = hub.expect('generator-1', patience);
    const child = startChild('generator-1');
    const exited = once(child, 'exit');
    const peer = await expected;
    expect(peer).toMatchObject({ name: 'generator-1', pid: child.pid });
    peer.send({ type: 'add', a: 2, b: 3 } as { type: string });
    expect(await peer.next('sum', patience)).toEqual({ type: 'sum', sum: 5 });
    // Said long before, and not taken yet.
    expect(await peer.next('ready', patience)).toEqual({ type: 'ready' });
    peer.send({ type: 'leave' });
    expect(await peer.next('done', patience)).toEqual({ type: 'done' });
    await peer.closed;
    expect(await exited).toEqual([0, null]);
  });

  test('ends when the hub is gone', async () => {
    const child = startChild('service');
    const exited = once(child, 'exit');
    const peer = await hub.expect('service', patience);
    await peer.next('ready', patience);
    await hub[Symbol.asyncDispose]();
    expect(await exited).toEqual([EXIT.terminated, null]);
  });

  test('that is killed is seen to be gone', async () => {
    const child = startChild('service');
    const peer = await hub.expect('service', patience);
    child.kill('SIGKILL');
    await peer.closed;
  });
});

describe('peers', () => {
  test('are given out by name, in whatever order they come and are asked for', async () => {
    const first = hub.expect('first', patience);
    sayRaw(hello('second'), { type: 'ready', of: 'second' });
    sayRaw(hello('first'), { type: 'ready', of: 'first' });
    for (const peer of [await first, await hub.expect('second', patience)]) {
      expect(await peer.next('ready', patience)).toEqual({ type: 'ready', of: peer.name });
    }
  });

  test('that come again under the same name are given out again', async () => {
    const old = sayRaw(hello('service'));
    const before = await hub.expect('service', patience);
    old.destroy();
    await before.closed;
    sayRaw(hello('service'), { type: 'ready' });
    expect(await (await hub.expect('service', patience)).next('ready', patience)).toEqual({ type: 'ready' });
  });

  test('that fail end every wait with their own words', async () => {
    sayRaw(hello('service'), { type: 'failed', message: 'port 80 is taken' });
    const peer = await hub.expect('service', patience);
    await expect(peer.next('ready', patience)).rejects.toMatchObject({
      code: 'child-failed',
      message: 'service could not go on: port 80 is taken',
    });
  });

  test('may be asked for their failure itself', async () => {
    const socket = sayRaw(hello('service'));
    const peer = await hub.expect('service', patience);
    const failed = peer.next('failed', patience);
    socket.write('{"type":"failed","message":"no"}\n');
    expect(await failed).toEqual({ type: 'failed', message: 'no' });
  });

  test.for([
    ['the wrong mark', { ...hello('service'), mark: 'wrong-mark' }],
    ['no mark', { ...hello('service'), mark: undefined }],
    ['no pid', { ...hello('service'), pid: undefined }],
    ['another first line', { type: 'ready' }],
    ['what is no JSON', 'GET / HTTP/1.1'],
  ] as const)('with %s are shown the door', async ([, line]) => {
    const socket = sayRaw(line).resume();
    await once(socket, 'close');
    // The name is still free for the right one.
    sayRaw(hello('service'), { type: 'ready' });
    await (await hub.expect('service', patience)).next('ready', patience);
  });

  test('that say nonsense later are cut off', async () => {
    const socket = sayRaw(hello('service'), 'nonsense').resume();
    const peer = await hub.expect('service', patience);
    await peer.closed;
    await once(socket, 'close');
  });
});

describe('waits', () => {
  test('end by their signal, and later ones still get what comes', async () => {
    const socket = sayRaw(hello('service'));
    const peer = await hub.expect('service', patience);
    const controller = new AbortController();
    const given = peer.next('ready', controller.signal);
    controller.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    const kept = peer.next('ready', patience);
    socket.write('{"type":"ready"}\n');
    expect(await kept).toEqual({ type: 'ready' });
  });

  test('for a name end by their signal, or with the hub', async () => {
    const controller = new AbortController();
    const given = hub.expect('nobody', controller.signal);
    controller.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    const kept = hub.expect('nobody', patience);
    const refused = expect(kept).rejects.toThrow('before the hub closed');
    await hub[Symbol.asyncDispose]();
    await refused;
  });
});

test('a path too long for a Unix socket is refused with the reason', async () => {
  const long = path.join(folder, 'x'.repeat(100));
  await expect(openHub({ path: long, mark: MARK })).rejects.toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining('at most 100 bytes'),
  });
});

test('a folder that is not there is named', async () => {
  const nowhere = '/nonexistent/hub.sock';
  await expect(openHub({ path: nowhere, mark: MARK })).rejects.toMatchObject({
    code: 'cannot-write',
    message: expect.stringMatching(/\/nonexistent\/hub\.sock: E/),
  });
});
