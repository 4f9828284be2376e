import { expect, test } from 'vitest';
import { compareResults } from '../../../src/analysis/compare/compare.ts';
import { ofOperation, operationResults } from '../../../src/analysis/operations/operation-results.ts';
import { evaluateThresholds } from '../../../src/analysis/thresholds/evaluate.ts';
import { quantileUs } from '../../../src/measure/figures/histogram.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { foundText } from '../../../src/report/reasons/threshold-text.ts';
import { completeResult } from '../../support/result.ts';
import { operationsResult } from '../../support/screens/records.ts';

const trialsWith = (result: Result, change: (trial: Trial) => Partial<Trial>): Result => ({
  ...result,
  trials: result.trials.map((trial) => ({ ...trial, ...change(trial) })),
});

test('each operation, flow and step is a result of its own after the whole mix', () => {
  const lines = operationResults(operationsResult());
  expect(lines.map(({ operation, name }) => [operation, name])).toEqual([
    [null, 'REST target'],
    ['read', 'REST target, read'],
    ['write', 'REST target, write'],
    ['flow', 'REST target, flow'],
    ['flow/1', 'REST target, flow/1'],
    ['flow/2', 'REST target, flow/2'],
  ]);
  expect(lines.map(({ series }) => series.response.planned)).toEqual([1200, 840, 240, 120, 120, 120]);
  const [whole, read] = lines.map(({ series }) => quantileUs(series.response.merged!, 0.5)!);
  expect(read).toBeLessThan(whole!);
  // What is known of the whole is not said of a part.
  expect(lines[1]!.trials.latency[0]!.cost.callerUs).toBeNull();
});

test('a result without operations has one line each', () => {
  expect(operationResults(completeResult()).map(({ operation }) => operation)).toEqual([null, null]);
  expect(ofOperation(completeResult().trials[0]!, 'read').phases).toEqual([]);
});

test('a threshold is of the whole mix, or of the operation before the colon', () => {
  const evaluated = (...thresholds: string[]) => {
    const result = operationsResult();
    return evaluateThresholds({ ...result, scenario: { ...result.scenario, thresholds } }).map(
      ({ state, found }) => `${state} ${found && foundText(found)}`,
    );
  };
  expect(
    evaluated(
      'failures < 1%',
      'read: failures < 1%',
      'flow: failures < 1%',
      'flow/1: failures < 1%',
      'rest/flow/2: failures < 20%',
    ),
  ).toEqual([
    'missed 1.5 %, 18 of 1,200',
    'met 0.0 %, 0 of 840',
    'missed 15.0 %, 18 of 120',
    'met 0.0 %, 0 of 120',
    'met 15.0 %, 18 of 120',
  ]);
  expect(evaluated('write: goodput >= 40/s', 'write: response p50 < 2ms')).toEqual([
    expect.stringMatching(/^met 40/),
    expect.stringMatching(/^missed 2\.\d+ ms/),
  ]);
});

test('operations and flows that both sides have are compared by themselves, steps with their flow', () => {
  const many = (round: number) => ({ ...operationsResult().trials[0]!, id: round, round });
  const side = (file: string) => {
    const result = operationsResult();
    return { file, result: { ...result, trials: Array.from({ length: 8 }, (_, i) => many(i + 1)) } };
  };
  const [a, b] = [side('a'), side('b')];
  const options = { margin: 0.05, declared: [] };
  const named = ({ patterns }: ReturnType<typeof compareResults>) =>
    patterns.map(({ operation }) => operation ?? null);
  expect(named(compareResults([a], [b], options))).toEqual([null, 'read', 'write', 'flow']);
  const slower = trialsWith(b.result, ({ operations }) => ({
    operations: operations!.map((one) =>
      one.name === 'read' ? { ...one, phases: operations![2]!.phases } : one,
    ),
  }));
  const found = compareResults([a], [{ ...b, result: slower }], options);
  expect(found.verdict).toBe('regressed');
  expect(
    found.patterns.map(({ operation, verdict }) => [operation ?? null, verdict === 'regressed']),
  ).toEqual([
    [null, false],
    ['read', true],
    ['write', false],
    ['flow', false],
  ]);
  const without = trialsWith(b.result, ({ operations }) => ({
    operations: operations!.filter(({ name }) => name !== 'write'),
  }));
  expect(named(compareResults([a], [{ ...b, result: without }], options))).toEqual([null, 'read', 'flow']);
});

test('another mix is no comparison of the same load', () => {
  const [a, b] = [operationsResult(), operationsResult()];
  const operations = { read: { share: 1 }, write: { share: 3 } };
  const target = { ...b.scenario.targets['rest']!, operations };
  const other = { ...b, scenario: { ...b.scenario, targets: { rest: target } } };
  const { verdict, confounders } = compareResults(
    [{ file: 'a', result: a }],
    [{ file: 'b', result: other }],
    { margin: 0.05, declared: [] },
  );
  expect(verdict).toBe('not-comparable');
  expect(confounders.map(({ what }) => what)).toContain('mix.write.share of rest');
});
