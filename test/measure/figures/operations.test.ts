import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { locate } from '../../../src/measure/figures/histogram.ts';
import { measureTrial, type TrialEvidence } from '../../../src/measure/figures/join.ts';
import { measureOperations } from '../../../src/measure/figures/operations.ts';
import type { Phase, Series } from '../../../src/measure/figures/figures.ts';
import { createItemInstants } from '../../../src/measure/logs/arrivals.ts';
import { arrivalsOf, effectAt, type Fate, START_NS, TRIAL } from '../synthetic.ts';

const MS = NS_PER_MS;
const PHASES = [
  { name: 'baseline', fromNs: 0, toNs: 20 * MS },
  { name: 'recovery', fromNs: 20 * MS, toNs: 60 * MS },
];

/** Arrival i is due at 10 i ms; 0, 2, 4 read, 1, 3, 5 are flows of two steps. */
function evidenceOf(fates: readonly Fate[], endsMs: readonly (readonly number[])[] = []): TrialEvidence {
  const arrivals = { ...arrivalsOf(fates), items: createItemInstants(fates.length, 2) };
  for (const [i, ends] of endsMs.entries())
    for (const [j, ms] of ends.entries()) arrivals.items.ns[2 * i + j] = START_NS + (10 * i + ms) * MS;
  return {
    trial: TRIAL,
    schedule: { count: fates.length, intendedNs: (i) => 10 * i * MS },
    arrivals,
    effects: [effectAt(0, 4), effectAt(1, 15), effectAt(4, 47), effectAt(4, 99, { stage: 'warm-up' })],
    phases: PHASES,
    deadlineNs: 1000 * MS,
    subscribers: 1,
  };
}

const SOURCE = {
  operationAt: (i: number) => (i % 2 === 0 ? 'read' : 'flow'),
  operations: ['read', 'flow'],
  flows: { flow: ['flow/1', 'flow/2'] },
};

const READ: Fate = { dispatchedMs: 1, acknowledgedMs: 3, status: 200 };
const FATES: Fate[] = [
  READ,
  { dispatchedMs: 1, acknowledgedMs: 9, status: 200 },
  { ...READ, acknowledgedMs: 5 },
  { dispatchedMs: 2, acknowledgedMs: 8, outcome: 'error', status: 404 },
  { ...READ, outcome: 'error', status: 500 },
  { dispatchedMs: 1, acknowledgedMs: 1.5, outcome: 'refused' },
];
/** Ends of the steps that succeeded. */
const ENDS = [[], [4, 9], [], [6], [], []];

const maxMs = ({ count, intervalMaximaUs }: Series) =>
  count === 0 ? null : Math.max(...intervalMaximaUs.map((us) => us ?? 0)) / 1000;
const found = (phase: Phase) => ({
  planned: phase.planned,
  outcomes: phase.outcomes,
  longestMs: maxMs(phase.response),
});

const measured = () => {
  const all = measureOperations(evidenceOf(FATES, ENDS), SOURCE);
  return Object.fromEntries(all.map(({ name, phases }) => [name, phases.map(found)]));
};

test('operations and flows have the figures of their own arrivals, from the intended instant', () => {
  expect(Object.keys(measured())).toEqual(['read', 'flow', 'flow/1', 'flow/2']);
  expect(measured()['read']).toEqual([
    { planned: 1, outcomes: { ok: 1 }, longestMs: 3 },
    { planned: 2, outcomes: { ok: 1, error: 1 }, longestMs: 5 },
  ]);
  expect(measured()['flow']).toEqual([
    { planned: 1, outcomes: { ok: 1 }, longestMs: 9 },
    { planned: 2, outcomes: { error: 1, refused: 1 }, longestMs: null },
  ]);
});

test('a step counts from its own sending, in the flows that came so far, and names the failure', () => {
  expect(measured()['flow/1']).toEqual([
    { planned: 1, outcomes: { ok: 1 }, longestMs: 3 },
    { planned: 2, outcomes: { ok: 1, refused: 1 }, longestMs: 4 },
  ]);
  expect(measured()['flow/2']).toEqual([
    { planned: 1, outcomes: { ok: 1 }, longestMs: 5 },
    { planned: 1, outcomes: { error: 1 }, longestMs: null },
  ]);
  const [, second] = measureOperations(evidenceOf(FATES, ENDS), SOURCE).find(
    ({ name }) => name === 'flow/2',
  )!.phases;
  expect(second!.failures).toEqual({ 'error 404': 1 });
  expect(maxMs(second!.failedAfter.error!)).toBe(2);
});

test('the parts add up to the whole, and statuses are those of the answers', () => {
  const evidence = evidenceOf(FATES, ENDS);
  const whole = measureTrial(evidence).phases;
  const parts = measureOperations(evidence, SOURCE).filter(({ name }) => !name.includes('/'));
  const sum = (key: 'planned' | 'correct' | 'done') =>
    parts.reduce((n, { phases }) => n + phases.reduce((m, phase) => m + phase[key], 0), 0);
  for (const key of ['planned', 'correct', 'done'] as const)
    expect(sum(key)).toBe(whole.reduce((n, phase) => n + phase[key], 0));
  expect(sum('done')).toBe(3);
  expect(whole.map(({ statuses }) => statuses)).toEqual([{ 200: 2 }, { 200: 1 }]);
  const [first] = measureOperations(evidence, SOURCE).find(({ name }) => name === 'flow/1')!.phases;
  // Only the last answer's status is known.
  expect(first!.statuses).toBeUndefined();
});

test('completion is of the own work', () => {
  const all = measureOperations(evidenceOf(FATES, ENDS), SOURCE);
  const done = (name: string) =>
    all.find((one) => one.name === name)!.phases.map(({ completion }) => maxMs(completion));
  expect(done('read')).toEqual([4, 7]);
  expect(done('flow')).toEqual([5, null]);
  expect(locate(all[0]!.phases[0]!.completion, 0.5)?.valueUs).toBe(4000);
});
