import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isProcessStopped } from '../../../src/platform/process/proc.ts';
import { watchStopped } from '../../../src/platform/process/stopped-watch.ts';

test('one that is stopped for two seconds is named once, and goes on', async () => {
  const child = spawn('/bin/sleep', ['600']);
  await once(child, 'spawn');
  const seen = Promise.withResolvers<string>();
  using _watch = watchStopped(() => [process.pid, child.pid!], seen.resolve);
  child.kill('SIGSTOP');
  expect(await seen.promise).toBe(`(pid ${child.pid}) stood still for 2 s`);
  await expect.poll(() => isProcessStopped(child.pid!)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
