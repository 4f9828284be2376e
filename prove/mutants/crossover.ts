import type { Mutant } from '../mutant.ts';

const POINT = { file: 'src/measure/stats/crossover-point.ts', test: 'test/measure/stats/crossover.test.ts' };
const SEARCH = {
  file: 'src/measure/stats/crossover-search.ts',
  test: 'test/measure/stats/crossover.test.ts',
};
const SAMPLE = {
  file: 'src/experiments/crossover/sample.ts',
  test: 'test/experiments/crossover/crossover.test.ts',
};

/** What a crossover point between two patterns is claimed from (DESIGN 7). */
export const mutants: readonly Mutant[] = [
  {
    name: 'looks-cost-nothing',
    rule: '7 more looks err more often: looks are paid for',
    ...POINT,
    find: 'return 1 - (2 * ERROR) / (MOST_POINTS * looks.length);',
    replace: 'return 1 - 2 * ERROR * Math.sign(looks.length);',
    fails: 'two patterns that are the same in truth: hardly ever an order, whatever is looked at',
  },
  {
    name: 'looks-unplanned',
    rule: '7 early stopping only at planned looks',
    ...POINT,
    find: 'if (rule.looks.includes(valid) || valid > last) {',
    replace: 'if (valid >= 2) {',
    fails: 'is assessed at the planned looks only',
  },
  {
    name: 'inconclusive-points-narrow-the-interval',
    rule: "7 an inconclusive point stays inside of the crossover's interval",
    ...SEARCH,
    find: ".flatMap(({ at, verdict }) => (verdict.state === 'decided' ? [{ at, side: verdict.side }] : []))",
    replace:
      ".flatMap(({ at, verdict }) => [{ at, side: verdict.state === 'decided' ? verdict.side : ('first' as const) }])",
    fails: 'keeps points that cannot be told inside of the interval, and narrows it from both sides',
  },
  {
    name: 'ends-prove-the-middle',
    rule: '7 no crossing is claimed only after points between the ends',
    ...SEARCH,
    find: 'const WIDEST_GAP = 10;',
    replace: 'const WIDEST_GAP = Infinity;',
    fails: 'says that there is none only after it looked between the ends',
  },
  {
    name: 'invalid-pairs-count',
    rule: '7 only usable medians count in a pair',
    ...SAMPLE,
    find: 'if (unusable) return discarded(unusable.why);',
    replace: '',
    fails: 'does not count where a median is not usable, whatever its load',
  },
  {
    name: 'saturated-patterns-win-by-their-median',
    rule: '7 a pattern that is saturated loses, whatever its median',
    ...SAMPLE,
    find: "if (isSaturated[0]) return { kind: 'value', value: Math.log(SATURATED_AS) };",
    replace: '',
    fails: 'is lost by the pattern that is saturated alone',
  },
];
