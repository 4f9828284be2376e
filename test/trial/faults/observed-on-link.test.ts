import { expect, it } from 'vitest';
import type { Outcome } from '../../../src/kernel/outcome.ts';
import type { EndedAttempt } from '../../../src/trial/ended-attempts.ts';
import { observedOnLink } from '../../../src/trial/faults/fault-counts.ts';
import { plannedRecord } from '../../../src/trial/faults/fault-timeline.ts';

const MS = 1e6;
const START_NS = 5_000 * MS;
const planned = { id: 'link', do: 'black-hole', on: 'a-b', atMs: 1000, forMs: 1000, options: {} };
/** In force from 1.01 s to 2 s, over at 2.01 s. */
const record = {
  ...plannedRecord(planned, 'a-b'),
  injectedNs: 1000 * MS,
  observedNs: 1010 * MS,
  liftedNs: 2000 * MS,
  readyNs: 2010 * MS,
};

function attempt(fromMs: number, toMs: number, outcome: Outcome = 'ok'): EndedAttempt {
  const common = { edge: 0, call: 1, parent: 0, attempt: 1, stage: 'measured', sequence: 1 } as const;
  const ns = (ms: number) => (ms === Infinity ? Infinity : START_NS + ms * MS);
  const ends = { atNs: ns(fromMs), endedNs: ns(toMs), outcome, fault: undefined };
  return { ...common, operation: 'createUser', ...ends };
}

const BEFORE = attempt(500, 600);
const FAILED_BEFORE = attempt(500, 600, 'error');
const CAUGHT = attempt(900, 2005);
const DELAYED = attempt(1500, 2003);
const TIMED_OUT = attempt(1200, 1300, 'timeout');
const NEVER_ENDED = attempt(1900, Infinity, 'unfinished');
const AFTER = attempt(2100, 2101);
const FAILED_AFTER = attempt(2100, 2101, 'error');
const ALL = [BEFORE, FAILED_BEFORE, CAUGHT, DELAYED, TIMED_OUT, NEVER_ENDED, AFTER, FAILED_AFTER];

it('counts those that a black hole held, also when they came through in the end', () => {
  expect(observedOnLink({ kind: 'black-hole' }, record, ALL, START_NS)).toBe(4);
});

it('counts those that a delay made late, and failures of its time', () => {
  const delayed = [attempt(1500, 1600), attempt(1500, 1599)];
  expect(observedOnLink({ kind: 'delay', ms: 100 }, record, delayed, START_NS)).toBe(1);
  expect(observedOnLink({ kind: 'refuse' }, record, ALL, START_NS)).toBe(2);
});

it('does not tell who was slowed by a narrow link, or by one that was never lifted', () => {
  expect(observedOnLink({ kind: 'bandwidth', bytesPerS: 100 }, record, ALL, START_NS)).toBeNull();
  expect(observedOnLink({ kind: 'refuse' }, { ...record, liftedNs: null }, ALL, START_NS)).toBeNull();
});
