import { expect, test } from 'vitest';
import { CommbenchError, type ErrorCode } from '../../src/kernel/errors.ts';
import { failsTrialAlone, failureText } from '../../src/trial/trial.ts';

const error = (code: ErrorCode) => new CommbenchError(code, 'Expected, found');

test.each(['child-failed', 'no-broker', 'broker-unreachable', 'port-taken'] as const)(
  '%s fails its trial and no other',
  (code) => {
    expect(failsTrialAlone(error(code))).toBe(true);
  },
);

test.each(['disk-full', 'cannot-write', 'defect'] as const)('%s ends the run', (code) => {
  expect(failsTrialAlone(error(code))).toBe(false);
});

test('what to do is told with what was found', () => {
  expect(failureText(error('child-failed'))).toBe('Expected, found');
  expect(failureText(new CommbenchError('child-failed', 'Expected, found', { hint: 'Mend it' }))).toBe(
    'Expected, found → Mend it',
  );
});

test('a defect of ours ends the run', () => {
  expect(failsTrialAlone(new TypeError('x is not a function'))).toBe(false);
});
