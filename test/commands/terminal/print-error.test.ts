import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CommbenchError } from '../../../src/kernel/errors.ts';
import { printError } from '../../../src/commands/terminal/print-error.ts';

function tell(error: unknown): [code: number, text: string] {
  let text = '';
  const stderr = { write: (line: string) => (text += line) };
  const code = printError({ stdout: stderr, stderr, env: {} } as never, error);
  return [code, text];
}

test('a disk that is full is never a defect, whichever write met it', () => {
  // /dev/full refuses every byte, as a full disk does.
  const error = thrownBy(() => writeFileSync('/dev/full', 'x'));
  expect(tell(error)).toEqual([6, expect.stringMatching(/^commbench: No space left .* \(ENOSPC\)\n {2}→ /)]);
});

test('nor is a lack of open files', () => {
  const error = Object.assign(new Error('open'), { code: 'EMFILE' });
  expect(tell(error)).toEqual([
    6,
    'commbench: Too many open files (EMFILE)\n  → Raise the limit in this shell: ulimit -n 4096\n',
  ]);
});

test('a message is printable, one, and of bounded length', () => {
  const [code, text] = tell(
    new CommbenchError('bad-scenario', `\u001B[31m\ncommbench: ok\n${'x'.repeat(300_000)}`),
  );
  expect(code).toBe(2);
  expect(text.length).toBeLessThan(4500);
  expect(text).toMatch(
    /^commbench: ␛\[31m\n {2}commbench: ok\n {2}x+… \(\d+ more characters\)\n {2}→ See `commbench --help`/,
  );
});

test('what nobody expected is a defect, and keeps its stack', () => {
  const [code, text] = tell(new Error('odd'));
  expect(code).toBe(1);
  expect(text).toMatch(/defect of commbench.*\nError: odd\n {4}at /);
});

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
