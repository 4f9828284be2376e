import { expect, test } from 'vitest';
import type { Stage } from '../../src/kernel/envelope.ts';
import { outcomeAt } from '../../src/measure/logs/arrivals.ts';
import { startRun } from './run.ts';
import { openTrials } from './trials.ts';

const SCENARIO = `
name: shared
title: One schedule, several generators
rounds: 1
noop: false
warmUp: { calls: 100, probeMs: 0 }
load: { shape: poisson, ratePerS: 400 }
durationMs: 1000
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
`;

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test('three generators share one schedule: no arrival twice, none missing, whatever the stage', async () => {
  await using trials = await openTrials(SCENARIO, {}, 3);
  const { trial, raw } = await trials.run({ kind: 'latency' });
  const sequencesOf = (stage: Stage) =>
    raw.logs.effects
      .filter((effect) => effect.stage === stage)
      .map(({ sequence }) => sequence)
      .toSorted((a, b) => a - b);
  const { count } = raw.logs.schedule;
  expect(count).toBeGreaterThan(300);
  expect(sequencesOf('measured')).toEqual(upTo(count));
  for (const stage of ['warm-up', 'steady-state'] as const) {
    const sequences = sequencesOf(stage);
    expect(new Set(sequences).size).toBe(sequences.length);
  }
  expect(sequencesOf('warm-up').length).toBe(raw.generator.warmed!.calls);
  expect(raw.generator.warmed!.callsOf.length).toBe(3);
  for (const i of upTo(count)) {
    expect(outcomeAt(raw.logs.arrivals, i)).toBe('ok');
    // Sent for the instant that the whole schedule has for it.
    expect(raw.logs.arrivals.dispatchedNs[i]).toBeGreaterThanOrEqual(
      raw.logs.arrivals.startNs + raw.logs.schedule.intendedNs(i),
    );
  }
  expect(trial.ledgers[0]).toMatchObject({ lost: 0, duplicates: 0, phantom: 0, accepted: { done1: count } });
  expect(raw.logs.torn).toBe(0);
});

test('a run with --generators says so in its result and its report', async () => {
  await using run = startRun(SCENARIO, ['--generators', '2', '--duration', '300ms', '--full']);
  expect(await run.ended, run.stderr()).toBe(0);
  expect(run.result().options).toMatchObject({ generators: 2 });
  expect(run.stdout().replaceAll(/\s+/g, ' ')).toContain('2 fresh generators, which share its schedule');
});

test('one of several that dies fails its trial, by name', async () => {
  await using run = startRun(SCENARIO, ['--generators', '3', '--duration', '20s']);
  const generators = () => run.find(/generator\/generator/);
  while (generators().length < 3) await new Promise((resolve) => void setImmediate(resolve));
  const { pid } = run.find(/generator-\S*2of3/)[0]!;
  process.kill(pid, 'SIGKILL');
  expect(await run.ended, run.stderr()).toBe(3);
  const [trial] = run.result().trials;
  expect(trial).toMatchObject({ state: 'failed', planned: 0 });
  expect(trial!.failure).toMatch(/generator-\S*2of3 was ended by SIGKILL before its work was over/);
}, 120_000);
