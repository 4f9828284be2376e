import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ChildHost, startChild } from '../../../src/platform/process/child.ts';

/** A hub that answers at once, and a program that lives until it is stopped. */
function hostIn(folder: string): ChildHost {
  const peer = { next: async (type: string) => ({ type }), send: () => undefined };
  const program = { pid: 1, outputPath: '', ended: new Promise(() => {}), stop: async () => undefined };
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
