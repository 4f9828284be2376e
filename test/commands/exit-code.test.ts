import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/experiments/run/conduct.ts';
import type { Trial } from '../../src/record/record.ts';
import { completeResult } from '../support/result.ts';

const disturbed: Trial['measurement'] = { verdict: 'disturbed', causes: [], boundQuantiles: [] };

function withDisturbed(kind: Trial['kind']) {
  const result = completeResult();
  result.trials = result.trials.map((trial) =>
    trial.kind === kind ? { ...trial, measurement: disturbed } : trial,
  );
  return result;
}

test('a measurement that is not valid counts under --strict only', () => {
  expect(exitCodeOf(completeResult(), true)).toBe(0);
  expect(exitCodeOf(withDisturbed('latency'), false)).toBe(0);
  expect(exitCodeOf(withDisturbed('latency'), true)).toBe(4);
  expect(exitCodeOf(withDisturbed('service-outage'), true)).toBe(4);
});

test('the floor is no part of the verdict', () => {
  expect(exitCodeOf(withDisturbed('no-op'), true)).toBe(0);
});

test('incomplete comes first', () => {
  expect(exitCodeOf({ ...withDisturbed('latency'), state: 'incomplete' }, true)).toBe(3);
});
