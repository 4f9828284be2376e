import { expect, test } from 'vitest';
import type { Trial } from '../../src/record/record.ts';
import { startRun } from './run.ts';

const SCENARIO = `name: small
title: Streams
rounds: 1
noop: false
warmUp: { calls: 30, probeMs: 0 }
mix: [{ operation: streamUserEvents }]
load: { shape: constant, ratePerS: 20 }
patterns:
  - { id: stream, title: Stream, transport: grpc, interaction: server-stream }
`;
const ITEMS = 20;

const find = (trials: readonly Trial[], kind: Trial['kind']) => trials.find((t) => t.kind === kind)!;
const sum = (trial: Trial, of: (phase: Trial['phases'][number]) => number | undefined) =>
  trial.phases.reduce((n, phase) => n + (of(phase) ?? 0), 0);

test('streams of a real service: items, gaps and effects follow from the plan', async () => {
  await using run = startRun(`${SCENARIO}durationMs: 1500\n`, ['--full']);
  expect(await run.ended, run.stderr()).toBe(0);
  const [trial] = run.result().trials;
  expect(trial).toMatchObject({ state: 'done', planned: 30 });
  const [phase] = trial!.phases;
  expect(phase).toMatchObject({ outcomes: { ok: 30 }, done: 30 });
  expect(phase!.firstItem!.count).toBe(30);
  expect(phase!.itemJitter!.count).toBe(30 * (ITEMS - 1));
  expect(trial!.ledgers).toMatchObject([{ lost: 0, phantom: 0, duplicates: 0, accepted: { done1: 30 } }]);
  // The record is there before the end of its stream: nothing is done after it was acknowledged.
  expect(run.stdout().replaceAll(/\s+/g, ' ')).toContain('a call is a stream of 20 items, 10 ms apart');
}, 120_000);

test('the service killed amid its streams: they are lost, nothing is done in secret or twice', async () => {
  const outage =
    'deadlineMs: 500\nserviceOutage: { atMs: 1000, forMs: 2000, recoveryMs: 1500 }\ndurationMs: 500\n';
  await using run = startRun(SCENARIO + outage);
  expect(await run.ended, run.stderr()).toBe(0);
  const trial = find(run.result().trials, 'service-outage');
  expect(trial).toMatchObject({ state: 'done', planned: 90 });
  const ok = sum(trial, (phase) => phase.outcomes.ok);
  // Four streams are open at any time: some were under way.
  expect(sum(trial, (phase) => phase.outcomes['connection-lost'])).toBeGreaterThan(0);
  expect(sum(trial, (phase) => phase.outcomes.refused)).toBeGreaterThan(0);
  expect(sum(trial, (phase) => phase.outcomes['contract-broken'])).toBe(0);
  const [ledger] = trial.ledgers;
  expect(ledger).toMatchObject({ lost: 0, phantom: 0, duplicates: 0, accepted: { done0: 0, done1: ok } });
  // Whatever was refused or lost on its way has left no record, but for one whose end alone was lost.
  expect(ledger!.unknown.done1).toBeLessThanOrEqual(1);
  expect(ledger!.refused.done1).toBe(0);
  // Items of failed streams are in no figure.
  expect(sum(trial, (phase) => phase.firstItem?.count)).toBe(ok);
  expect(sum(trial, (phase) => phase.itemJitter?.count)).toBe(ok * (ITEMS - 1));
  expect(trial.coupling!.verdict).toBe('tight');
}, 120_000);
