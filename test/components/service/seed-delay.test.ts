import { expect, test } from 'vitest';
import type { Envelope, Stage } from '../../../src/kernel/envelope.ts';
import { seedDelay } from '../../../src/components/service/seeded-defects.ts';

const envelope = (sequence: number, stage: Stage = 'measured'): Envelope => {
  return { trial: 1, stage, sequence, attempt: 1, key: 0, deadlineNs: 0 };
};

test('holds the sequences that it names, in the measured stage, and leaves others to the hold of all', () => {
  const heldByAll: number[] = [];
  const whole = ({ sequence }: Envelope) => {
    heldByAll.push(sequence);
    return Promise.resolve();
  };
  const process = seedDelay(whole, { from: 2, to: 4, ms: 1 });
  for (const sequence of [1, 2, 3, 4]) void process(envelope(sequence));
  void process(envelope(2, 'warm-up'));
  expect(heldByAll).toEqual([1, 4, 2]);
});

test('without a hold of all the others do not wait', () => {
  const process = seedDelay(undefined, { from: 2, to: 4, ms: 1 });
  const waits = [1, 2, 3, 4].map((sequence) => process(envelope(sequence)) !== undefined);
  expect(waits).toEqual([false, true, true, false]);
  expect(process(envelope(3, 'steady-state'))).toBeUndefined();
});
