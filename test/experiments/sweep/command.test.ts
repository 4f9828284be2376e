import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { exitCodeOfSweep } from '../../../src/experiments/sweep/command.ts';
import { addSweepOptions, type SweepArguments, ratesOf } from '../../../src/experiments/sweep/options.ts';
import { commbench } from '../../support/cli.ts';
import { madeSweep } from '../../support/records/sweep.ts';

function asked(...args: string[]): SweepArguments {
  const command = addSweepOptions(new Command('sweep')).exitOverride();
  command.configureOutput({ writeErr: () => {}, outputError: () => {} });
  return command.parse(args, { from: 'user' }).opts<SweepArguments>();
}

describe('options', () => {
  test('rates: load steps by a factor, or a list in whatever order', () => {
    expect(ratesOf(asked())).toEqual([100, 159, 252, 400, 635, 1010, 1600, 2540, 4030, 6400]);
    expect(ratesOf(asked('--from', '200', '--to', '3.2k/s', '--steps', '5'))).toEqual([
      200, 400, 800, 1600, 3200,
    ]);
    expect(ratesOf(asked('--rates', '1k,200/s,200'))).toEqual([200, 1000]);
  });
  test('an objective', () => {
    expect(asked('--objective', 'completion p99.9 <= 1.5s').objective).toEqual({
      text: 'completion p99.9 <= 1.5s',
      figure: 'completion',
      quantile: 0.999,
      limitUs: 1_500_000,
      isInclusive: true,
    });
  });
  test.each<[string[], string]>([
    [['--from', '2k', '--to', '1k'], '--from must be below --to, found 2000/s and 1000/s'],
    [['--rates', '100,200', '--steps', '3'], '--rates cannot be combined with --from, --to or --steps'],
    [['--rates', '100,fast'], 'Expected a rate from 1/s to 50k/s, such as 200/s or 2k/s, found fast'],
    [['--to', '60k'], 'Expected a rate from 1/s to 50k/s, such as 200/s or 2k/s, found 60k'],
    [['--steps', '1'], 'Expected a whole number from 2 to 30, found 1'],
    [['--rounds', '0'], 'Expected a whole number from 1 to 20, found 0'],
    [['--percentile', '40'], 'Expected a percentile from p50 to p99.9, found 40'],
    [['--objective', 'response < 5ms'], 'Expected a percentile after response'],
    ...['lost == 0', 'response p99 > 5ms', 'rest: response p99 < 5ms', 'goodput >= 10/s'].map(
      (text): [string[], string] => [
        ['--objective', text],
        'Expected a limit of response or completion for every pattern',
      ],
    ),
  ])('%j', (args, message) => {
    expect(() => ratesOf(asked(...args))).toThrow(message);
  });
});

test('an objective of which nothing can be told of any pattern is inconclusive', () => {
  const all = madeSweep();
  const rest = {
    patterns: [all.patterns[0]!],
    trials: all.trials.filter(({ pattern }) => pattern === 'rest'),
  };
  // 600 calls a point, none saturated: too few for p99.9.
  const objective = { ...all.design.objective!, quantile: 0.999 };
  expect(exitCodeOfSweep(madeSweep(rest))).toBe(0);
  expect(exitCodeOfSweep(madeSweep({ ...rest, design: { objective: null } }))).toBe(0);
  expect(exitCodeOfSweep(madeSweep({ ...rest, design: { objective } }))).toBe(11);
  // The queue's saturated points miss it all the same.
  expect(exitCodeOfSweep(madeSweep({ design: { objective } }))).toBe(0);
});

test.each([
  ['sweep rest-vs-queue --patterns rst', 'found rst. Did you mean rest?'],
  ['sweep cascade --rates 100', 'needs a scenario without services'],
  ['calibrate --patterns rst', '--patterns: Expected a pattern of pattern-comparison'],
  ['calibrate --budget 5', 'Expected a time with its unit, such as 90s or 5m, found 5'],
])('%s: exit code 2, and nothing on standard output', (line, message) => {
  const { code, stdout, stderr } = commbench(line.split(' '));
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([2, '']);
});
