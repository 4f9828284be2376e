import { expect, it } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import { createSchedule } from '../../../src/measure/schedule.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import { SessionWatch } from '../../../src/trial/session/session-figures.ts';

const START_NS = 7e12;
const atMs = (ms: number) => START_NS + ms * NS_PER_MS;

/** A caller and a leaf, 100 arrivals a second. */
function watch() {
  const edge = { id: 'a-b', from: 0, to: 1, operations: null, isAnswered: true };
  const spec = {
    id: 3,
    seed: 1,
    system: {
      topology: { services: [{ id: 'a' }, { id: 'b' }], edges: [edge] },
      pattern: { interaction: 'request-reply', subscribers: 1 },
    },
    load: { deadlineMs: 500, mix: [{ operation: 'createUser', share: 1 }] },
  } as unknown as TrialSpec;
  const effects: Effect[] = [];
  const hops: HopEvent[] = [];
  const schedule = createSchedule({ shape: 'constant', ratePerS: 100 }, 60_000, 1);
  const seen = new SessionWatch({
    spec,
    startNs: START_NS,
    schedule,
    effects,
    hopEvents: () => hops.splice(0),
  });
  const message = (sequence: number) => ({ stage: 'measured', sequence, operation: 'createUser' }) as const;
  return {
    seen,
    done(sequence: number, ms: number, subscriber = 0, trial = 3) {
      effects.push({ trial, stage: 'measured', sequence, subscriber, completedNs: atMs(ms) } as Effect);
    },
    attempt(sequence: number, call: number, ms: number) {
      hops.push({
        type: 'attempt',
        ...message(sequence),
        edge: 0,
        call,
        parent: 0,
        attempt: 1,
        atNs: atMs(ms),
      });
    },
    failed(sequence: number, ms: number) {
      const times = { beganNs: atMs(ms - 1), endedNs: atMs(ms) };
      hops.push({
        type: 'call',
        ...message(sequence),
        edge: 0,
        parent: 0,
        outcome: 'rejected',
        attempts: 0,
        fallback: false,
        ...times,
      });
    },
    breaker(what: 'opened' | 'closed', ms: number) {
      hops.push({ type: 'policy', edge: 0, atNs: atMs(ms), policy: 'circuit-breaker', what, cause: 'why' });
    },
  };
}

it('counts work done in time, and the time from the instant it was due', () => {
  const { seen, done } = watch();
  for (let i = 0; i < 100; i++) done(i, 10 * i + (i < 50 ? 20 : 600));
  done(0, 990, 0, 4);
  const { duePerS, goodputPerS, p50Ms, slowestMs } = seen.at(atMs(1600));
  expect({ duePerS, goodputPerS, p50Ms, slowestMs }).toEqual({
    duePerS: 100,
    goodputPerS: 0,
    p50Ms: 600,
    slowestMs: 600,
  });
});

it('what is done again, or after it failed, is no further answer', () => {
  const { seen, done, failed } = watch();
  for (let i = 0; i < 50; i++) done(i, 10 * i + (i < 45 ? 20 : 30));
  for (let i = 0; i < 10; i++) done(i, 400);
  failed(50, 505);
  expect(seen.at(atMs(600))).toMatchObject({ goodputPerS: 50, p50Ms: 20, slowestMs: 30 });
  done(50, 610);
  expect(seen.at(atMs(620))).toMatchObject({ goodputPerS: 50, slowestMs: 30 });
});

it('the backlog is what is due and somebody still waits for: what failed, or is past its deadline, is none', () => {
  const { seen, done, failed } = watch();
  expect(seen.at(atMs(400)).backlog).toBe(41);
  for (let i = 0; i < 41; i++) done(i, 400);
  expect(seen.at(atMs(409)).backlog).toBe(0);
  failed(41, 415);
  expect(seen.at(atMs(419)).backlog).toBe(0);
  expect(seen.at(atMs(2000)).backlog).toBe(51);
});

it('work that is seen before its arrival is due is no backlog then', () => {
  const { seen, done } = watch();
  done(1, 9);
  expect(seen.at(atMs(5)).backlog).toBe(1);
  done(0, 9);
  expect(seen.at(atMs(15)).backlog).toBe(0);
});

it('amplification is attempts into a service over those that the arrivals take when nothing fails', () => {
  const { seen, attempt } = watch();
  for (let i = 0; i < 200; i++) for (let k = 0; k < 3; k++) attempt(i, i * 3 + k, 10 * i);
  const { services, edges } = seen.at(atMs(1995));
  expect(services[0]!.amplification).toBeNull();
  expect(services[1]!.amplification).toBeCloseTo(3);
  // Of the time that has passed: not yet the whole window.
  expect(edges[0]!.attemptsPerS).toBeCloseTo(600 / 1.995, 9);
});

it('keeps every change of a breaker', () => {
  const { seen, breaker } = watch();
  seen.at(atMs(10));
  expect(seen.transitions).toEqual([]);
  breaker('opened', 20);
  breaker('closed', 30);
  seen.at(atMs(40));
  expect(seen.transitions).toEqual([
    { edge: 0, state: 'opened', atMs: 20, cause: 'why' },
    { edge: 0, state: 'closed', atMs: 30, cause: 'why' },
  ]);
});
