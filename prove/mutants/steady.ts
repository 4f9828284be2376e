import type { Mutant } from '../mutant.ts';

const TREND = { file: 'src/measure/stats/trend.ts', test: 'test/measure/stats/trend.test.ts' };
const SLOPE = {
  file: 'src/analysis/patterns/cpu-slope.ts',
  test: 'test/analysis/patterns/cpu-slope.test.ts',
};
const DRIFT = { test: 'test/analysis/patterns/drift.test.ts' };

/** Steady state: no trend over rounds, and a warm-up that is over (DESIGN 4). */
export const mutants: readonly Mutant[] = [
  {
    name: 'trends-in-one-direction-only',
    rule: '4 a trend is as regular as chance would make it in either direction',
    ...TREND,
    find: 'Math.min(1, 2 * tail)',
    replace: 'Math.min(1, tail)',
    fails: 'has the exact probability of its order',
  },
  {
    name: 'trend-by-first-and-last',
    rule: '4 the size of a trend is the median slope',
    ...TREND,
    find: 'Math.exp(slope * (values.length - 1))',
    replace: 'values.at(-1)! / (values[0]! * Math.exp(0 * slope))',
    fails: 'is as large as the median slope makes it',
  },
  {
    name: 'any-drift-is-one',
    rule: '4 a drift is at least a tenth',
    ...DRIFT,
    file: 'src/analysis/patterns/drift.ts',
    find: 'export const DRIFT_SHARE = 0.1;',
    replace: 'export const DRIFT_SHARE = 0;',
    fails: 'not by scatter, not by less than a tenth',
  },
  {
    name: 'four-rounds-drift',
    rule: '4 fewer than five rounds cannot show a drift',
    ...DRIFT,
    file: 'src/analysis/patterns/drift.ts',
    find: 'DRIFT_ERROR / Object.keys(FIGURES).length',
    replace: 'DRIFT_ERROR * 2',
    fails: 'not by scatter, not by less than a tenth',
  },
  {
    name: 'drifting-patterns-ranked',
    rule: '4 a drifting pattern is not ranked',
    ...DRIFT,
    file: 'src/analysis/patterns/order.ts',
    find: '.filter((pattern) => !isDrifting(pattern))',
    replace: '',
    fails: 'is not ranked, and the others are',
  },
  {
    name: 'drifting-patterns-compared',
    rule: '4 a ratio of a drifting pattern is that of no round',
    ...DRIFT,
    file: 'src/analysis/patterns/side-by-side.ts',
    find: 'if (drifting) return',
    replace: 'if (drifting && [pattern, other].length === 0) return',
    fails: 'is not ranked, and the others are',
  },
  {
    name: 'fixed-use-per-request',
    rule: '3.10 CPU of a request is the slope between two rates',
    ...SLOPE,
    find: '(high.cores - low.cores) / perS',
    replace: 'high.cores / (perS + low.perS)',
    fails: 'is the slope between two rates',
  },
  {
    name: 'one-span-for-all',
    rule: '3.10 CPU of a role counts over the span in which it was sampled',
    ...SLOPE,
    find: "part === 'callerUs' ? cost.spans?.callerNs : cost.spans?.othersNs",
    replace: 'cost.spans?.othersNs',
    fails: 'of each role over the span in which that role was sampled',
  },
  {
    name: 'any-slope-will-do',
    rule: '3.10 a slope that is not told from none is none',
    ...SLOPE,
    find: 'if (slope <= half) return undefined;',
    replace: '',
    fails: 'is unknown at one rate only',
  },
  {
    name: 'brokers-warmed-by-count',
    rule: '3, fairness: a broker is warm when a message costs no less than before',
    file: 'src/components/broker/warm-until-steady.ts',
    test: 'test/components/broker/warm-until-steady.test.ts',
    find: '!isOver() && !isSteady(costsNs)',
    replace: '!isOver()',
    fails: 'takes the fewest windows',
  },
];
