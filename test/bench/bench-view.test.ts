import { describe, expect, test } from 'vitest';
import { printed } from '../support/reporters.ts';
import type { BenchRecord } from '../../bench/tools/record.ts';
import { benchView } from '../../bench/tools/view.ts';
import { faultsOf } from '../../bench/tools/words.ts';
import { type Acted, measured } from '../support/records/bench.ts';

/** What is said of a tool that acted so in one work, beside one that did all as it should. */
function words(work: string, acted: Acted): string[] {
  const record = measured({ good: {}, measured: { [work]: acted } });
  expect(faultsOf(record, 'good')).toEqual([]);
  return faultsOf(record, 'measured').map(({ what }) => what);
}

describe('what is wrong, in words', () => {
  test('counts: what was not sent, what was sent and not recorded, what was made up, what failed', () => {
    expect(words('http-rate-10000', { arrived: 45_000 })).toEqual(['sends 10 % fewer than were due']);
    expect(words('http-rate-2000', { recorded: 9000 })).toEqual(['records 10 % fewer than it sent']);
    expect(words('http-freeze', { arrived: 4700, samples: 49_793 })).toEqual([
      'sends 6 % fewer than were due',
      'records 10.6× as many as it sent',
    ]);
    expect(words('http-rate-2000', { errors: 3 })).toEqual(['3 requests failed']);
  });
  test('a request on each connection beforehand is no fault', () => {
    expect(words('http-hold', { arrived: 1032, recorded: 1000 })).toEqual([]);
  });
  test('a schedule that is none, or has a bad tail; none where the machine makes all late', () => {
    expect(words('http-rate-2000', { error: [222, 400, 517, 600] })).toEqual([
      'keeps no schedule: half of its requests are more than 222 ms off',
    ]);
    expect(words('http-rate-2000', { error: [0.4, 3, 55, 70] })).toEqual([
      "1 % of its requests are more than 55.0 ms off schedule, the best tool's 1.50 ms",
    ]);
    const slow: Acted = { error: [4, 20, 40, 50] };
    const record = measured({
      a: { 'http-rate-2000': slow },
      b: { 'http-rate-2000': { error: [5, 30, 70, 90] } },
    });
    expect([...faultsOf(record, 'a'), ...faultsOf(record, 'b')]).toEqual([]);
  });
  test('a freeze that is hidden or exaggerated, against what it was', () => {
    expect(words('http-freeze', { says: [0.2, 0.7, 9, 1300] })).toEqual([
      'hides the freeze: p90 0.70 ms, truth 400 ms',
      'hides the freeze: p99 9.00 ms, truth 1.30 s',
    ]);
    expect(words('http-freeze', { says: [530, 1192, 1384, 1400] })).toEqual([
      'exaggerates the freeze: p90 1.19 s, truth 400 ms',
    ]);
  });
  test('answers that were held longer than it says', () => {
    expect(words('http-hold', { says: [11.5, 20, 28, 36] })).toEqual([
      'says p50 11.5 ms of answers that were held 20.1 ms',
    ]);
  });
  test('a turn without figures is said so, and counts in no figure', () => {
    const failure = 'it ended with code 1: no such option';
    expect(words('http-rate-2000', { failure, arrived: 0 })).toEqual([`gave no figures (1×): ${failure}`]);
  });
});

/** About what the tools did when they were first looked at. */
function measuredPoints(): BenchRecord {
  return measured(
    {
      commbench: { 'http-rate-2000': { cpuUs: 190, lag: [0.05, 0.1, 1.1, 2] } },
      k6: {
        'http-rate-10000': { arrived: 45_000, error: [21, 100, 320, 400] },
        'http-freeze': { arrived: 4682, says: [0.2, 1.8, 1316, 1396] },
        'http-hold': { failure: 'it did not end in time' },
      },
      autocannon: {
        'http-rate-2000': { error: [222, 400, 517, 600], othersCores: 1.2 },
        'http-freeze': { arrived: 4700, samples: 49_793, says: [530, 1192, 1384, 1400] },
      },
    },
    2,
  );
}

test.each([
  ['table', 'bench-120.txt', false],
  ['table', 'bench-explain-120.txt', true],
  ['markdown', 'bench.md', false],
  ['csv', 'bench.csv', false],
] as const)('as %s', async (format, golden, explain) => {
  const text = printed(benchView(measuredPoints(), 'bench.json'), format, { explain });
  await expect(text).toMatchFileSnapshot(`../golden/${golden}`);
});

test('what is known of an early end is said to be that', () => {
  const record: BenchRecord = { ...measuredPoints(), state: 'interrupted', turns: [] };
  expect(benchView(record).findings).toEqual([
    'No tool was measured.',
    'Ended early: these are the results so far.',
  ]);
});
