import { expect, test } from 'vitest';
import { crossoverOf, findingIn } from '../../src/experiments/crossover/found.ts';
import { crossoverSchema } from '../../src/experiments/crossover/record.ts';
import { commbench } from '../support/cli.ts';
import { startCli } from './run.ts';

test('a crossover point by outage that has no time: every pair is in the file, and the exit code says inconclusive', async () => {
  let file = '';
  const args = 'crossover outage --between rest,queue --from 500ms --to 1s --budget 2s --seed 1 --out'.split(
    ' ',
  );
  await using run = startCli((_scenario, out) => [...args, (file = out), '--full']);
  expect(await run.ended, run.stderr()).toBe(11);
  const record = crossoverSchema.parse(run.json());
  const found = crossoverOf(record);
  expect([found.state, findingIn(found).kind]).toEqual(['complete', 'inconclusive']);
  expect(found.points).toHaveLength(1);
  const [point] = found.points;
  expect(point).toMatchObject({ at: 500, verdict: { state: 'stopped' } });
  // One pair takes longer than the budget, which ends none in its midst.
  expect(point!.pairs).toHaveLength(1);
  expect(record.trials.map(({ pattern }) => pattern).toSorted()).toEqual(['queue', 'rest']);
  for (const { first: rest, second: queue } of point!.pairs) {
    // It serves for an instant before it is heard to be ready.
    expect(rest.outage!.finallyDone).toBeLessThanOrEqual(5);
    expect(queue.outage!.finallyDone).toBe(queue.outage!.intended);
    // At 200/s, and never shorter than was planned.
    expect(Math.min(rest.outage!.intended, queue.outage!.intended)).toBeGreaterThanOrEqual(99);
    expect(Math.min(rest.outage!.observedMs, queue.outage!.observedMs)).toBeGreaterThanOrEqual(499);
  }
  expect(run.stdout()).toMatch(/^Inconclusive where REST or Message queue finishes more of the work/);
  expect(run.stdout()).toContain('--budget');
  expect(commbench(['report', file, '--full']).stdout).toBe(run.stdout());
}, 120_000);

test('Ctrl-C: what is known so far is printed and kept', async () => {
  const args = 'crossover payload --between rest,graphql --to 10kB --seed 1 --out'.split(' ');
  await using run = startCli((_scenario, out) => [...args, out, '--full']);
  await run.saw(/pair 2 at 100 B: .*started/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  const record = crossoverSchema.parse(run.json());
  expect(record.state).toBe('interrupted');
  expect(crossoverOf(record).points[0]!.pairs).toHaveLength(1);
  expect(run.stdout()).toContain('Interrupted: these are the pairs that were finished.');
}, 120_000);
