import { expect, test } from 'vitest';
import { seededDefectChecks } from '../../../src/experiments/selftest/seeded-defects.ts';
import { effectAt } from '../../measure/synthetic.ts';
import { events, EVERY_MS, numbers, rest, seenOf, verdicts } from './selftest-measured.ts';

const ALL = numbers(300);
const fates = ALL.map(() => ({ dispatchedMs: 0.1, acknowledgedMs: 1 }));

/** 50 is missing, 120 is there twice, 200 comes after 201. */
function defective(subscriber: number) {
  const doneMs = (i: number) => (i === 200 ? 2012 : i * EVERY_MS + 1);
  const once = ALL.filter((i) => i !== 50).map((i) => effectAt(i, doneMs(i), { subscriber }));
  return [...once, effectAt(120, doneMs(120) + 0.1, { subscriber })];
}
const sound = (subscriber: number) => ALL.map((i) => effectAt(i, i * EVERY_MS + 1, { subscriber }));

function logOf(seeded: Readonly<Record<string, number>>): string {
  return Object.entries(seeded)
    .map(([defect, sequence]) => JSON.stringify({ defect, sequence }))
    .join('\n');
}
const TRUTH = { lose: 50, double: 120, reorder: 200 };

test('seeded defects: found where they were written down, and nowhere else', () => {
  const seen = seenOf({ fates, effects: defective(0) });
  const found = (seeded: Record<string, number>) => verdicts(seededDefectChecks(rest, seen, logOf(seeded)));
  expect(found(TRUTH)).toEqual(['passed', 'passed', 'passed']);
  expect(found({ ...TRUTH, lose: 51 })).toEqual(['failed', 'passed', 'passed']);
  expect(found({ ...TRUTH, double: 121 })).toEqual(['passed', 'failed', 'passed']);
  expect(found({ ...TRUTH, reorder: 202 })).toEqual(['passed', 'passed', 'failed']);
  expect(found({})).toEqual(['failed', 'failed', 'failed']);
});

test('a ledger that finds nothing, or more than there is, is noticed', () => {
  const seen = seenOf({ fates, effects: defective(0) });
  const [ledger] = seen.trial.ledgers;
  const reported = (change: object) => {
    const trial = { ...seen.trial, ledgers: [{ ...ledger!, ...change }] };
    return verdicts(seededDefectChecks(rest, { ...seen, trial }, logOf(TRUTH)));
  };
  expect(reported({ lost: 0 })).toEqual(['failed', 'passed', 'passed']);
  expect(reported({ duplicates: 2 })).toEqual(['passed', 'failed', 'passed']);
  expect(reported({ outOfOrder: 0 })).toEqual(['passed', 'passed', 'failed']);
});

test('what overtook another by itself is counted from the log, and said', () => {
  const effects = defective(0).map((e) => (e.sequence === 10 ? effectAt(10, 112) : e));
  const checks = seededDefectChecks(rest, seenOf({ fates, effects }), logOf(TRUTH));
  expect(verdicts(checks)).toEqual(['passed', 'passed', 'passed']);
  expect(checks[2]).toMatchObject({
    reported: '2: message 10, 200',
    note: '1 more were really out of order in the effect log',
  });
});

test('two subscribers: the defect is in the last, and the ledger of the other must be clean', () => {
  const found = (effects: ReturnType<typeof sound>) =>
    verdicts(seededDefectChecks(events, seenOf({ pattern: events, fates, effects }), logOf(TRUTH)));
  expect(found([...sound(0), ...defective(1)])).toEqual(['passed', 'passed', 'passed', 'passed']);
  expect(found([...defective(0), ...defective(1)])).toEqual(['failed', 'passed', 'passed', 'passed']);
  expect(found([...defective(0), ...sound(1)])).toEqual(['failed', 'failed', 'failed', 'failed']);
});
