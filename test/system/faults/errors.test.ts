import { expect, test } from 'vitest';
import type { RawTrial } from '../../../src/trial/raw-trial.ts';
import { openTrials } from '../trials.ts';

const ERRORS = `
name: errors
title: A tenth of the calls over one gRPC channel fail
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
patterns: [{ id: grpc, title: gRPC, transport: grpc, interaction: request-reply }]
services: [{ id: front, concurrency: 50, queue: 500 }, { id: leaf, concurrency: 50, queue: 500 }]
edges: [{ from: front, to: leaf, transport: grpc }]
load: { shape: constant, ratePerS: 200 }
durationMs: 2500
deadlineMs: 10000
watchRecovery: false
faults: [{ id: tenth, do: error, on: leaf, share: 0.1, atMs: 500, forMs: 1500 }]
`;
/** Arrivals due from 500 ms on and before 2,000 ms. */
const [FROM, TO] = [100, 400];
/** The fault strikes by the clock of the service: one that is due this near to its ends may arrive on either side. */
const NEAR = 40;
const isWellInside = (sequence: number) => sequence >= FROM + NEAR && sequence < TO - NEAR;

const ascending = (a: number, b: number) => a - b;

/** By the leaf's own log, and by that of its caller. */
function struckIn({
  logs: {
    hopLog: { events },
  },
}: RawTrial) {
  const injected = events.flatMap((one) => (one.type === 'injected' ? [one.sequence] : []));
  const asked = new Map(events.flatMap((one) => (one.type === 'attempt' ? [[one.call, one.sequence]] : [])));
  const observed = events.flatMap((one) =>
    one.type === 'ended' && one.fault === 'tenth' ? [asked.get(one.call)!] : [],
  );
  return { injected: injected.toSorted(ascending), observed: observed.toSorted(ascending) };
}

test('a tenth of the calls over one channel: injected and observed are one number, planned too but for its ends, and by the seed the same arrivals', async () => {
  await using trials = await openTrials(ERRORS);
  const seen: number[][] = [];
  for (const seed of [1, 1, 2]) {
    const { trial, raw } = await trials.run({}, seed);
    const { injected, observed } = struckIn(raw);
    expect(observed).toEqual(injected);
    const [fault] = trial.faults;
    expect(fault).toMatchObject({ injected: injected.length, observed: injected.length });
    expect(Math.abs(fault!.planned! - injected.length)).toBeLessThanOrEqual(NEAR / 4);
    expect(injected.every((sequence) => sequence >= FROM - NEAR && sequence < TO)).toBe(true);
    expect(trial.ledgers[0]!.refused).toMatchObject({ done0: injected.length, done1: 0, doneMore: 0 });
    seen.push(injected.filter(isWellInside));
  }
  const [first, again, other] = seen;
  // Of 300 draws with a chance of a tenth: fewer than 10 or more than 60 come up with a chance below 1 in 100,000.
  expect(first!.length).toBeGreaterThan(10);
  expect(first!.length).toBeLessThan(60);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
}, 120_000);
