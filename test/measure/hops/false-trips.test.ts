import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import { effectAt, START_NS } from '../synthetic.ts';
import { ANSWERED, edgeBetween, hopsOf, topologyOf } from './hop-story.ts';

/** How one attempt on the edge went, as its caller and as the service saw it. */
interface Told {
  /** Outcome at the caller, and when it had it, in ms after the attempt began. */
  readonly outcome?: 'ok' | 'timeout' | 'error';
  readonly endsMs?: number;
  /** When the service had done it; null: never. */
  readonly doneMs?: number | null;
  /** The message never got to the service. */
  readonly isUnmet?: true;
  readonly isStruck?: true;
}

const OBJECTIVE_MS = 50;
/** Between two attempts. */
const EVERY_MS = 5;

function eventsOf(
  { outcome = 'ok', endsMs = 5, doneMs = 4, isUnmet, isStruck }: Told,
  i: number,
  edge: number,
) {
  const atMs = EVERY_MS * i;
  const at = (ms: number) => START_NS + (atMs + ms) * NS_PER_MS;
  const message = { stage: 'measured', sequence: i, operation: 'op' } as const;
  const call = 1000 * edge + i + 1;
  const execution = { ...message, service: 1, call, attempt: 1, atNs: at(1) } as const;
  const events: HopEvent[] = [
    { type: 'attempt', ...message, edge, call, parent: 0, attempt: 1, atNs: at(0) },
    ...(isUnmet ? [] : [{ type: 'execution', ...execution } as const]),
    ...(isStruck ? [{ type: 'injected', fault: 'slow', ...execution } as const] : []),
    { type: 'ended', call, outcome, status: 0, atNs: at(endsMs) },
  ];
  const done = isUnmet || doneMs === null ? [] : [effectAt(i, atMs + doneMs, { subscriber: 1 })];
  return { events, done };
}

interface More {
  readonly isAnswered?: boolean;
  /** Attempts of another caller, after those. */
  readonly others?: readonly Told[];
  /** From the last attempt to the trip. */
  readonly laterMs?: number;
}

/** Whether a trip after these attempts is false. */
function isFalse(told: readonly Told[], { isAnswered = true, others = [], laterMs = 60 }: More = {}) {
  const topology = topologyOf(3, [edgeBetween(0, 1, { isAnswered }), edgeBetween(2, 1, { isAnswered })]);
  const each = [
    ...told.map((one, i) => eventsOf(one, i, 0)),
    ...others.map((one, i) => eventsOf(one, told.length + i, 1)),
  ];
  const count = told.length + others.length;
  const trip = { type: 'policy', edge: 0, policy: 'breaker', what: 'opened', cause: 'c' } as const;
  const events: HopEvent[] = [
    ...each.flatMap((one) => one.events),
    { ...trip, atNs: START_NS + (EVERY_MS * count + laterMs) * NS_PER_MS },
  ];
  const effects: Effect[] = each.flatMap(({ done }) => done);
  const fates = Array.from({ length: Math.max(1, count) }, () => ANSWERED);
  const objectiveNs = OBJECTIVE_MS * NS_PER_MS;
  return hopsOf(fates, { topology, events, effects, objectiveNs }).transitions[0]!.isFalse;
}

const times = (n: number, told: Told): Told[] => Array.from({ length: n }, () => told);

test('a trip is false where all was done in time, and unknown where nothing was tried', () => {
  expect(isFalse(times(100, {}))).toBe(true);
  expect(isFalse([])).toBeNull();
});

test('a trip is false where the caller gave up on work that was done in time', () => {
  expect(isFalse(times(20, { outcome: 'timeout', endsMs: 3, doneMs: 20 }))).toBe(true);
});

test('it is right while slowed work is still being done, however long ago its fault was lifted', () => {
  const slow: Told = { outcome: 'timeout', endsMs: 30, doneMs: OBJECTIVE_MS + 1 };
  expect(isFalse(times(20, slow))).toBe(false);
});

test('it is right where a fault struck, or nothing was done, or nothing got there', () => {
  expect(isFalse(times(20, { isStruck: true, doneMs: 20 }))).toBe(false);
  expect(isFalse(times(20, { outcome: 'error', doneMs: null }))).toBe(false);
  expect(isFalse(times(20, { outcome: 'timeout', isUnmet: true }))).toBe(false);
});

test('everyday errors of 5 % are health, more are none; of a few probes a single one is chance', () => {
  const bad: Told = { outcome: 'error', doneMs: null };
  expect(isFalse([...times(95, {}), ...times(5, bad)])).toBe(true);
  expect(isFalse([...times(94, {}), ...times(6, bad)])).toBe(false);
  expect(isFalse([{}, bad])).toBe(true);
  expect(isFalse([{}, bad, bad])).toBe(false);
});

test('what ended earlier is of another time, unless there is too little', () => {
  const bad: Told = { outcome: 'error', doneMs: null };
  expect(isFalse([...times(50, bad), ...times(200, {})])).toBe(true);
  expect(isFalse([...times(50, bad), ...times(100, {})])).toBe(false);
  // Nothing ended in the second before the trip: the last ten show the service.
  const laterMs = 2000;
  expect(isFalse([...times(50, bad), ...times(10, {})], { laterMs })).toBe(true);
  expect(isFalse([...times(50, {}), ...times(10, bad)], { laterMs })).toBe(false);
});

test('attempts of other callers show the state of the service, too', () => {
  expect(isFalse(times(2, { outcome: 'error', doneMs: null }), { others: times(98, {}) })).toBe(true);
  const others = times(8, {});
  expect(isFalse(times(1, { outcome: 'error', doneMs: null }), { others })).toBe(true);
  expect(isFalse(times(2, {}), { others: times(8, { outcome: 'error', doneMs: null }) })).toBe(false);
});

test('behind a broker its confirm stands for the service', () => {
  const queued = { isAnswered: false };
  expect(isFalse(times(20, { doneMs: null }), queued)).toBe(true);
  expect(isFalse(times(20, { outcome: 'timeout' }), queued)).toBe(false);
});
