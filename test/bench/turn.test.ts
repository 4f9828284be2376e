import { expect, test } from 'vitest';
import { CommbenchError } from '../../src/kernel/errors.ts';
import { refusal, waitForQuiet } from '../../bench/tools/turn.ts';
import type { Testbed } from '../../src/trial/environment/testbed.ts';

test('an interruption while it waits for quiet is told as one', async () => {
  const interrupted = new CommbenchError('interrupted', 'Interrupted');
  const testbed = { signal: AbortSignal.abort(interrupted) } as Partial<Testbed> as Testbed;
  await expect(waitForQuiet(testbed, 5000)).rejects.toBe(interrupted);
});

test('a program that was not started is a failure of it; all else ends the run', () => {
  const refused = new CommbenchError('child-failed', 'Expected to start it, found EACCES');
  expect(refusal(refused)).toBe(refused);
  for (const other of [new CommbenchError('reaper-lost', 'gone'), new Error('a slip')]) {
    expect(() => refusal(other)).toThrow(other);
  }
});
