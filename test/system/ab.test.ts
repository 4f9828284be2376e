import { expect, test } from 'vitest';
import type { Result } from '../../src/record/record.ts';
import { comparisonIn } from '../../src/experiments/ab/compared.ts';
import { abSchema } from '../../src/experiments/ab/record.ts';
import { readRun } from '../../src/experiments/read-record.ts';
import { commbench } from '../support/cli.ts';
import { startCli } from './run.ts';

const SCENARIO = `
name: ab-test
title: Test of ab
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
load: { shape: constant, ratePerS: 200 }
durationMs: 500
warmUp: { calls: 100 }
`;

/** `ab` on the scenario above, and where its result is. */
function startAb(...args: string[]) {
  let written = '';
  const run = startCli((file, out) => {
    written = out;
    return ['ab', file, '--seed', '1', '--out', out, ...args];
  }, SCENARIO);
  const results = (): Promise<[Result, Result]> =>
    Promise.all([readRun(`${written}#a`), readRun(`${written}#b`)]);
  return { run, file: written, results };
}

const roundsOf = ({ trials }: Result) => trials.map(({ round }) => round);

test('A/A of two pairs: too few to say anything, and two results that belong together', async () => {
  const { run, file, results } = startAb('--pairs', '2');
  await using _run = run;
  expect(await run.ended, run.stderr()).toBe(11);
  const [a, b] = await results();
  expect([a.interleave, b.interleave]).toMatchObject([
    { arm: 'a', mode: 'pairs' },
    { arm: 'b', mode: 'pairs' },
  ]);
  expect(a.interleave!.id).toBe(b.interleave!.id);
  for (const result of [a, b]) {
    expect(result).toMatchObject({ state: 'complete', scenario: { rounds: 2, noop: false } });
    expect(roundsOf(result)).toEqual([1, 2]);
    expect(result.design.order.map(({ id }) => id)).toEqual(result.trials.map(({ id }) => id));
    expect(result.trials.every(({ kind, planned }) => kind === 'latency' && planned === 100)).toBe(true);
  }
  expect(run.stdout()).toMatch(/^Inconclusive: REST/m);
  // What it printed is what stands in the file.
  const again = commbench(['compare', file]);
  expect(again.code).toBe(11);
  expect(again.stdout.split('\n')[0]).toBe(run.stdout().split('\n')[0]);
}, 120_000);

test('Ctrl-C in the midst of a pair: whole pairs are used, the half one is left out', async () => {
  const { run, file, results } = startAb('--b', 'service.processingMs=2');
  await using _run = run;
  await run.saw(/pair 2 of 24: REST, .*: started[^]*pair 2 of 24: REST, .*: started/);
  run.child.kill('SIGINT');
  expect(await run.ended, run.stderr()).toBe(130);
  const [a, b] = await results();
  expect([roundsOf(a), roundsOf(b)].toSorted((x, y) => x.length - y.length)).toEqual([[1], [1, 2]]);
  expect([a.state, b.state]).toEqual(['interrupted', 'interrupted']);
  const compared = comparisonIn(abSchema.parse(run.json()), file);
  expect(compared).toMatchObject({
    verdict: 'inconclusive',
    how: 'paired',
    factors: [{ what: 'service.processingMs', baseline: ['0'], candidate: ['2'] }],
  });
  expect(compared.patterns[0]!.gate!.excluded).toContainEqual(
    expect.objectContaining({ round: 2, why: { code: 'trial-missing' } }),
  );
}, 120_000);

test('switchback: both alive at once, each with its own blocks of the time', async () => {
  const { run, results } = startAb('--pairs', '1', '--mode', 'switchback');
  await using _run = run;
  expect(await run.ended, run.stderr()).toBe(11);
  const trials = (await results()).map(({ trials: [trial] }) => trial!);
  for (const { state, planned, phases } of trials) {
    // Four blocks of a quarter of a second at 200/s.
    expect([state, planned]).toEqual(['done', 200]);
    const loaded = phases.filter(({ planned: arrivals }) => arrivals > 0);
    expect(loaded.every(({ name }) => !name.startsWith('silent-'))).toBe(true);
    expect(loaded.every(({ correct, planned: arrivals }) => correct === arrivals)).toBe(true);
  }
  const [a, b] = trials.map(({ phases }) => phases.filter(({ planned }) => planned > 0));
  for (const one of a!) {
    for (const other of b!)
      expect(Math.max(one.fromNs, other.fromNs)).toBeGreaterThanOrEqual(Math.min(one.toNs, other.toNs));
  }
  // Each began before the other ended.
  const [startA, startB] = trials.map(({ startedAt }) => Date.parse(startedAt));
  expect(Math.abs(startA! - startB!)).toBeLessThan(Math.min(...trials.map(({ wallMs }) => wallMs)));
}, 120_000);

test('switchback: where one arm fails the other is not measured alone', async () => {
  const { run, results } = startAb('--pairs', '1', '--mode', 'switchback');
  await using _run = run;
  await run.saw(/(?:silent|switch|block)-\d/);
  const [service] = run.find(/service\/service\.ts/);
  process.kill(service!.pid, 'SIGKILL');
  expect(await run.ended, run.stderr()).toBe(3);
  const trials = (await results()).map(({ trials: [trial] }) => trial!);
  expect(trials.map(({ state }) => state)).toEqual(['failed', 'failed']);
  expect(trials.filter(({ failure }) => failure!.startsWith('the concurrent trial failed: '))).toHaveLength(
    1,
  );
  expect((await results()).map(({ state }) => state)).toEqual(['incomplete', 'incomplete']);
}, 120_000);
