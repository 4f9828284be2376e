import type { Mutant } from '../mutant.ts';

const KNEE = { file: 'src/measure/stats/knee.ts', test: 'test/measure/stats/knee.test.ts' };
const CAPACITY = {
  file: 'src/measure/stats/sustained-rate-search.ts',
  test: 'test/measure/stats/sustained-rate-search.test.ts',
};
const GROWTH = {
  file: 'src/measure/figures/backlog-growth.ts',
  test: 'test/measure/figures/backlog-growth.test.ts',
};
const RATE_VERDICT = {
  file: 'src/experiments/search/rate-assessment.ts',
  test: 'test/experiments/search/rate-assessment.test.ts',
};
const POINTS = { file: 'src/experiments/sweep/points.ts', test: 'test/experiments/sweep/sweep.test.ts' };
const PLAN = {
  file: 'src/experiments/sweep/plan.ts',
  test: 'test/experiments/sweep/plan.test.ts',
};

/** What no-op baseline, capacity, knee and the highest rate of an objective are claimed from (DESIGN 3.9). */
export const mutants: readonly Mutant[] = [
  {
    name: 'knee-by-the-root-of-latency',
    rule: '3.9 the knee is the greatest goodput / latency',
    ...KNEE,
    find: 'throughputPerS / Math.max(1, delayUs)',
    replace: 'throughputPerS / Math.max(1, Math.sqrt(delayUs))',
    fails: 'M/M/1: half of the capacity',
  },
  {
    name: 'one-trial-decides-a-rate',
    rule: '3.9 a rate is sustained when two of three trials sustain it',
    ...CAPACITY,
    find: 'const VOTES = 2;',
    replace: 'const VOTES = 1;',
    fails: 'one trial of twenty is wrong: nine searches of ten still enclose the capacity',
  },
  {
    name: 'growth-between-two-instants',
    rule: '3.9 backlog grows when it does so throughout, not when it was more in the end',
    ...GROWTH,
    find: 'medianSlope(counts.map(',
    replace: 'medianSlope([counts[0]!, counts.at(-1)!].map(',
    fails: 'a pause of a tenth of the time, wherever it is, is no growth',
  },
  {
    name: 'disturbed-trials-lower-the-capacity',
    rule: '3.9 a trial beside which others had the machine says nothing of the rate',
    ...RATE_VERDICT,
    find: "const verdict = isForeign(trial) || limit === 'incomplete' ? 'discarded' : 'not-sustained';",
    replace: "const verdict = limit === 'incomplete' ? 'thrown' : 'not-kept';",
    fails: 'nothing is said where others had the machine',
  },
  {
    name: 'growing-work-is-kept',
    rule: '3.9 for queues and streams the backlog slope decides too',
    ...RATE_VERDICT,
    find: 'if (growth?.isGrowing) {',
    replace: 'if (growth?.isGrowing && growth.perS < 0) {',
    fails: 'no: saturated by what was assessed, or by work that grows before any call is late',
  },
  {
    name: 'saturated-rates-meet-objectives',
    rule: '3.9 a rate that is not sustained meets no objective',
    ...POINTS,
    find: "if (point.state === 'saturated') return false;",
    replace: '',
    fails: 'a rate that is not kept up with meets nothing, be its latency as it may',
  },
  {
    name: 'generator-bound-points-are-used',
    rule: '3.9 points that are not valid are used for nothing',
    ...POINTS,
    find: "const valid = trials.filter(({ validity }) => validity.verdict === 'valid');",
    replace: 'const valid = trials;',
    fails: 'what is not valid is told, and used for nothing',
  },
  {
    name: 'sweeps-end-at-a-disturbance',
    rule: '3.9 a pattern goes no further up after two rates that it did not keep: a disturbed one is none',
    ...PLAN,
    find: "limit !== null && limit !== 'disturbed'",
    replace: 'limit !== null',
    fails: 'a pattern stops after two rates in a row that it did not keep; a disturbed one is none',
  },
  {
    name: 'kept-above-saturated',
    rule: '3.9 a rate is sustained only below the one from which a pattern is saturated',
    ...POINTS,
    find: ' && ratePerS < from',
    replace: '',
    fails: 'a pattern is kept up to below the rate from which it is saturated',
  },
  {
    name: 'lines-over-the-unknown',
    rule: '3.9 nothing is drawn of a rate at which nothing is known',
    file: 'src/report/charts/draw-points.ts',
    test: POINTS.test,
    find: 'if (from && !isUnknownBetween(curve, from, to))',
    replace: 'if (from)',
    fails: 'draws no line past a rate at which nothing is known',
  },
  {
    name: 'brokers-are-all-one',
    rule: '3.9 what one broker can do is said of no other',
    file: 'src/plan/pattern-key.ts',
    test: 'test/plan/pattern-key.test.ts',
    find: 'url === undefined ? [] : [redactUrl(url)]',
    replace: '[]',
    fails: 'a broker of the user’s own is another one',
  },
];
