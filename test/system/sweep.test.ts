import { expect, test } from 'vitest';
import { shuffled } from '../../src/kernel/random.ts';
import { sweepSchema } from '../../src/experiments/sweep/record.ts';
import { assessRate } from '../../src/experiments/search/rate-assessment.ts';
import { isStopped } from '../../src/experiments/sweep/plan.ts';
import { commbench } from '../support/cli.ts';
import { startCli } from './run.ts';

/** Two at a time, each for 50 ms: 40/s, whatever the machine. */
const SLOW = ['--set', 'service={concurrency: 2, queue: 200, processingMs: 50}', '--set', 'warmUp.calls=40'];

test('every point is measured once a round, until the pattern keeps up no more; the file renders the same again', async () => {
  let file = '';
  const args =
    'sweep rest-vs-queue --patterns rest --rates 100,200,400 --percentile p50 --rounds 2 --seed 3 --out'.split(
      ' ',
    );
  await using run = startCli((_scenario, out) => [...args, (file = out), ...SLOW]);
  const code = await run.ended;
  const record = sweepSchema.parse(run.json());
  expect(record).toMatchObject({
    state: 'complete',
    brokers: [],
    design: { rounds: 2, rates: [100, 200, 400] },
  });
  const ran = (round: number) => record.trials.filter((trial) => trial.round === round);
  const rates = ran(1).map(({ ratePerS }) => ratePerS);
  // Upwards, and no further than two rates in a row that were not kept.
  expect(rates).toEqual([100, 200, 400].slice(0, rates.length));
  const looks = ran(1).map(assessRate);
  for (let n = 1; n < rates.length; n++) expect(isStopped(looks.slice(0, n))).toBe(false);
  expect(rates.length === 3 || isStopped(looks)).toBe(true);
  expect(ran(2).map(({ ratePerS }) => ratePerS)).toEqual(shuffled(rates, 3, 'sweep round', 2));
  for (const trial of record.trials) {
    const { ratePerS, planned, backlogGrowth, phases } = trial;
    const [phase] = phases;
    expect(planned).toBe(Math.ceil((ratePerS * (phase!.toNs - phase!.fromNs)) / 1e9));
    // 40/s are done of what is asked; the rest is what grows.
    expect(phase!.correct).toBeLessThan(planned);
    if (assessRate(trial).limit === 'saturated') expect(backlogGrowth!.perS).toBeGreaterThan(0);
  }
  const isKnown = record.trials.some(({ validity }) => validity.verdict === 'valid');
  expect(code, run.stderr()).toBe(isKnown ? 0 : 11);
  expect(commbench(['report', file]).stdout).toBe(run.stdout());
}, 180_000);

test('Ctrl-C: what is known so far is printed and kept', async () => {
  const args =
    'sweep rest-vs-queue --patterns rest --rates 50,60 --percentile p50 --rounds 1 --seed 1 --out'.split(' ');
  await using run = startCli((_scenario, out) => [...args, out, '--full', '--set', 'warmUp.calls=40']);
  await run.saw(/REST at 60\/s, round 1 of 1: started/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  const record = sweepSchema.parse(run.json());
  expect(record.state).toBe('interrupted');
  expect(record.trials.map(({ ratePerS }) => ratePerS)).toEqual([50]);
  expect(run.stdout()).toContain('Interrupted: these are the trials that were finished.');
}, 120_000);
