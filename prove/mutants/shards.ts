import type { Mutant } from '../mutant.ts';

const SAID = {
  file: 'src/trial/environment/generator-messages.ts',
  test: 'test/trial/environment/generator-messages.test.ts',
};
const WATERFALL = {
  file: 'src/measure/figures/waterfall.ts',
  test: 'test/measure/figures/waterfall.test.ts',
};

/** Several generators of one schedule (DESIGN 9), and where the time of their requests went. */
export const mutants: readonly Mutant[] = [
  {
    name: 'shards-warm-up-alike',
    rule: '9 no two generators of a trial use a number twice',
    file: 'src/generator/warm-up.ts',
    test: 'test/measure/shards.test.ts',
    find: 'sequenceOf(shard, first + begun++)',
    replace: 'first + begun++',
    fails: 'warm up with numbers that none of the others has',
  },
  {
    name: 'best-of-shards-counts',
    rule: '9 one verdict for all generators: the worst of their health',
    ...SAID,
    find: 'Math.max(...loops.map((loop) => loop[name]))',
    replace: 'Math.min(...loops.map((loop) => loop[name]))',
    fails: 'of their health the worst counts',
  },
  {
    name: 'one-shard-settles-for-all',
    rule: '9 a trial has settled when each of its generators has',
    ...SAID,
    find: 'lines.every(({ isSteady }) => isSteady)',
    replace: 'lines.some(({ isSteady }) => isSteady)',
    fails: 'a part that has not settled',
  },
  {
    name: 'stages-from-the-start',
    rule: '3.2 the stages of a request add up to its time',
    ...WATERFALL,
    find: '(endsNs[step - 1] ?? fromNs)',
    replace: 'fromNs',
    fails: 'accounts for every nanosecond',
  },
  {
    name: 'last-effect-ends-the-stages',
    rule: '3.2 completed is the first effect, whatever came again',
    ...WATERFALL,
    find: '!(own.completedNs[i]! <= effect.completedNs)',
    replace: 'true',
    fails: 'ends when the last subscriber has done it',
  },
  {
    name: 'near-is-everywhere',
    rule: '3.2 a waterfall near a quantile is of the requests near it',
    ...WATERFALL,
    find: 'const MOST_NEAR_SHARE = 0.01;',
    replace: 'const MOST_NEAR_SHARE = 1;',
    fails: 'near a quantile looks at that part of the requests alone',
  },
  {
    name: 'disorder-explained',
    rule: '3.4 what has no instants in order is counted and not explained',
    ...WATERFALL,
    find: 'stagesNs.every((ns) => ns >= 0)',
    replace: 'stagesNs.every((ns) => !Number.isNaN(ns))',
    fails: 'counts what has no instants in order',
  },
  {
    name: 'way-unchecked',
    rule: '3.3 a corrupt record is never used',
    file: 'src/measure/logs/effect-log.ts',
    test: 'test/measure/logs/effect-log.test.ts',
    find: 'const CHECKED_BYTES = 52;',
    replace: 'const CHECKED_BYTES = 32;',
    fails: 'counts a corrupt record, whatever bit of it flipped',
  },
  {
    name: 'queue-counts-as-handling',
    rule: '3.2 the queue in the service ends when processing begins',
    file: 'src/components/service/handler.ts',
    test: 'test/components/service/handler.test.ts',
    find: 'begunNs: slot === true ? arrivedNs : clock.nowNs()',
    replace: 'begunNs: arrivedNs',
    fails: 'records when a message came, and when its processing began',
  },
];
