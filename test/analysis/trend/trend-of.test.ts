import { expect, test } from 'vitest';
import { CHANGE_RESULTS, trendOfResults } from '../../../src/analysis/trend/trend-of.ts';
import type { Result } from '../../../src/record/record.ts';
import { trendView } from '../../../src/report/trend/trend-view.ts';
import { latencyTrial, phaseOf, REST, resultOf } from '../../support/result.ts';

/** Two rounds of REST that take this long at least. */
function measured(day: number, leastMs: number, more: Partial<Result> = {}): Result {
  const trials = [1, 2].map((round) =>
    latencyTrial(round, 'rest', round, {
      phases: [phaseOf(600, { leastMs, tailMs: 0.2 }, { leastMs, tailMs: 0.2 }, day * 100 + round)],
    }),
  );
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  return resultOf([REST], trials, { startedAt, ...more });
}

/** The last seven of fourteen take half as long again. */
const LEVELS = Array.from({ length: 14 }, (_, i) => (i < 7 ? 1 : 1.5));

function series(more: (i: number) => Partial<Result> = () => ({})) {
  return LEVELS.map((ms, i) => ({ file: `r${i}.json`, result: measured(i + 1, ms, more(i)) }));
}

test('a pattern that became slower has one change point, at the first slower result', () => {
  const results = series((i) => ({ environment: { commit: `${i}`.repeat(40).slice(0, 40) } }));
  const trend = trendOfResults(results);
  const [pattern] = trend.patterns;
  expect(pattern).toMatchObject({ name: 'REST', figure: 'response p50' });
  expect(pattern!.changes).toHaveLength(1);
  const [change] = pattern!.changes;
  expect(change!.at).toBe(7);
  expect(change!.afterUs / change!.beforeUs).toBeCloseTo(1.6 / 1.1, 1);
  const { findings, pictures, tables } = trendView(trend, 'nightly');
  expect(findings[0]).toMatch(
    /^REST slower from 77777777 on \(2026-11-08\): response p50 1\.1\d ms → 1\.6\d ms, /,
  );
  expect(pictures![0]!.events).toMatchObject([{ at: 8, of: 'REST' }]);
  expect(tables[0]!.rows[7]!.cells[1]!.below).toBe('change point: slower');
});

test('results of another machine, and trials that are not valid, are shown and not used', () => {
  const onOther = trendOfResults(
    series((i) => (i < 7 ? { environment: { cpu: 'another' } } : { environment: { cpu: 'this' } })),
  );
  expect(onOther.patterns[0]!.changes).toEqual([]);
  expect(onOther.results.map(({ differs }) => differs.length > 0)).toEqual(LEVELS.map((ms) => ms === 1));
  const { pictures, caveats } = trendView(onOther, 'nightly');
  const [curve] = pictures![0]!.series;
  const hollow = curve!.kind === 'points' ? curve!.points.map(({ isHollow }) => isHollow === true) : [];
  expect(hollow).toEqual(LEVELS.map((ms) => ms === 1));
  expect(caveats.warnings[0]!.text).toBe(
    `REST: 7 comparable valid results; a change point needs ${CHANGE_RESULTS}.`,
  );

  const noisy = series().map(({ file, result }, i) => ({
    file,
    result:
      i < 7
        ? {
            ...result,
            trials: result.trials.map((trial) => ({
              ...trial,
              validity: { ...trial.validity, verdict: 'disturbed' as const },
            })),
          }
        : result,
  }));
  expect(trendOfResults(noisy).patterns[0]!.changes).toEqual([]);
});

test('a small change is none', () => {
  const results = LEVELS.map((ms, i) => ({
    file: `r${i}.json`,
    result: measured(i + 1, ms === 1 ? 1 : 1.02),
  }));
  expect(trendOfResults(results).patterns[0]!.changes).toEqual([]);
});
