import { expect, test } from 'vitest';
import { exitCodeOfRun } from '../../src/experiments/run/conduct.ts';
import type { Trial } from '../../src/record/record.ts';
import { completeResult } from '../support/result.ts';

const disturbed: Trial['validity'] = { verdict: 'disturbed', causes: [], boundQuantiles: [] };

function withDisturbed(kind: Trial['kind']) {
  const result = completeResult();
  result.trials = result.trials.map((trial) =>
    trial.kind === kind ? { ...trial, validity: disturbed } : trial,
  );
  return result;
}

test('a measurement that is not valid counts under --strict only', () => {
  expect(exitCodeOfRun(completeResult(), { strict: true })).toBe(0);
  expect(exitCodeOfRun(withDisturbed('latency'))).toBe(0);
  expect(exitCodeOfRun(withDisturbed('latency'), { strict: true })).toBe(4);
  expect(exitCodeOfRun(withDisturbed('service-outage'), { strict: true })).toBe(4);
});

test('the no-op baseline is no part of the verdict', () => {
  expect(exitCodeOfRun(withDisturbed('no-op'), { strict: true })).toBe(0);
});

test('incomplete comes first', () => {
  expect(exitCodeOfRun({ ...withDisturbed('latency'), state: 'incomplete' }, { strict: true })).toBe(3);
});
