import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openCollector } from '../../src/trial/collector.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a time in which this process stood still is no silence of the others', async () => {
  using folder = temporaryFolder();
  using collector = openCollector(path.join(folder.path, 'log.effects'));
  let isDone = false;
  const bounds = { stallMs: 1000, capMs: 60_000 };
  const drained = collector.drain(() => isDone, bounds, new AbortController().signal);
  await delay(30);
  // The standstill itself.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
  // What stopped all goes on: its work comes a few looks later.
  await delay(100);
  isDone = true;
  expect(await drained).toBe('done');
});
