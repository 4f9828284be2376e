import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ChildHost, startChild } from '../../../src/platform/process/child.ts';

/** A hub that answers at once, and a program that lives until it is stopped. */
function hostIn(
  folder: string,
  ended: Promise<unknown> = new Promise(() => {}),
  sent = Promise.resolve(),
): ChildHost {
  const next = (type: string) => (type === 'hello' ? Promise.resolve({ type }) : sent.then(() => ({ type })));
  const peer = { next, send: () => undefined };
  const program = { name: 'generator-1', pid: 1, outputPath: '', ended, stop: async () => undefined };
  const hub = { path: 'hub.sock', expect: async () => peer };
  return { mark: 'm', folder, hub, spawner: { spawn: async () => program } } as unknown as ChildHost;
}

test('a wait may be bounded by a fraction of a millisecond, as a rate of 316.2/s makes it', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-child-'));
  try {
    const spec = { name: 'generator-1', entry: 'x', settings: {}, graceMs: 1 };
    const child = await startChild(hostIn(folder), spec, new AbortController().signal);
    expect(await child.next('settled', 25_253.164556962023)).toEqual({ type: 'settled' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what a process sent is taken although its end was read before, as after a pause of this one', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-child-'));
  try {
    const [end, sent] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
    const spec = { name: 'generator-1', entry: 'x', settings: {}, graceMs: 1 };
    const host = hostIn(folder, end.promise, sent.promise);
    const child = await startChild(host, spec, new AbortController().signal);
    end.resolve({ code: 0, signal: null });
    await expect(child.died).rejects.toThrow('generator-1 ended with code 0');
    const done = child.next('done', 10_000);
    setImmediate(sent.resolve);
    expect(await done).toEqual({ type: 'done' });
    const never = hostIn(folder, end.promise, new Promise(() => {}));
    const silent = await startChild(never, spec, new AbortController().signal);
    await expect(silent.next('done', 10_000)).rejects.toThrow('generator-1 ended with code 0');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
