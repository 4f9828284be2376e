import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { expect, test } from 'vitest';
import { holdLock, tryLock } from '../../../src/platform/packages/lock.ts';
import { startTalker } from '../../support/talker.ts';

const HOLDER = path.join(import.meta.dirname, 'fixtures/lock-holder.ts');
const forever = new AbortController().signal;

test('only one holds it; the next gets it when the first lets go', async () => {
  const name = randomUUID();
  const order: string[] = [];
  const first = await holdLock(name, { signal: forever });
  const waiting = Promise.withResolvers<void>();
  const second = holdLock(name, { signal: forever, onWait: waiting.resolve }).then((lock) => {
    order.push('second has it');
    return lock;
  });
  await waiting.promise;
  expect(await tryLock(name)).toBeUndefined();
  order.push('first lets go');
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(order).toEqual(['first lets go', 'second has it']);
});

test('different names are different locks', async () => {
  await using one = await tryLock(randomUUID());
  await using other = await tryLock(randomUUID());
  expect([one, other]).not.toContain(undefined);
});

test('an abort ends the wait, and the holder keeps it', async () => {
  const name = randomUUID();
  await using _first = await holdLock(name, { signal: forever });
  const abort = new AbortController();
  const cause = new Error('no longer wanted');
  const second = holdLock(name, { signal: abort.signal, onWait: () => abort.abort(cause) });
  await expect(second).rejects.toBe(cause);
  expect(await tryLock(name)).toBeUndefined();
});

test('a holder killed with -9 leaves nothing behind: exactly one who waits gets it', async () => {
  const name = randomUUID();
  await using holder = startTalker(HOLDER, name);
  await holder.says('held');
  await using one = startTalker(HOLDER, name);
  await using other = startTalker(HOLDER, name);
  await Promise.all([one.says('waiting'), other.says('waiting')]);

  await holder.kill();
  await Promise.race([one.says('held'), other.says('held')]);
  const [winner, loser] = one.said.includes('held') ? [one, other] : [other, one];
  expect(loser.said).not.toContain('held');

  winner.child.stdin!.end();
  await loser.says('held');
});
