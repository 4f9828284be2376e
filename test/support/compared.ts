import { validityFinding } from '../../src/analysis/findings/validity.ts';
import type {
  Comparison,
  TimeGate,
  Invariant,
  PatternComparison,
} from '../../src/analysis/compare/comparison.ts';

/** Comparisons as `compareResults` makes them, one of each verdict, with all that a reporter has to show. */

function gateOf(more: Partial<TimeGate>): TimeGate {
  return {
    figure: 'response p50',
    verdict: 'equivalent',
    interval: { ratio: 1.005, low: 0.98, high: 1.03, level: 0.95 },
    used: { baseline: 10, candidate: 10 },
    excluded: [],
    morePairs: null,
    detectable: 1.068,
    ...more,
  };
}

const NONE_BROKEN: readonly Invariant[] = [
  {
    name: 'lost',
    isBroken: false,
    baseline: { count: 0, of: 6000 },
    candidate: { count: 0, of: 6000 },
    rule: { code: 'none-allowed', delivery: 'at-most-once' },
  },
  {
    name: 'failures',
    isBroken: false,
    baseline: { count: 3, of: 6000 },
    candidate: { count: 5, of: 6000 },
    rule: { code: 'exact-test', p: 0.36, brokenBelow: 0.01 },
  },
];

function rowOf(more: Partial<PatternComparison>): PatternComparison {
  return {
    pattern: 'rest',
    title: 'REST',
    variant: null,
    verdict: 'equivalent',
    gate: gateOf({}),
    invariants: NONE_BROKEN,
    described: [
      { figure: 'response-p99', baseline: 1.93, candidate: 2.31, unit: 'ms' },
      { figure: 'cpu-service', baseline: 88, candidate: 97, unit: 'us' },
      { figure: 'answered-ok', baseline: 0.9995, candidate: 0.9992, unit: 'share' },
      { figure: 'bytes-per-call', baseline: 519, candidate: null, unit: 'bytes' },
    ],
    faulted: [],
    ...more,
  };
}

function queueOf(more: Partial<PatternComparison>): PatternComparison {
  const gate = gateOf({
    figure: 'completion p50',
    interval: { ratio: 0.99, low: 0.96, high: 1.02, level: 0.95 },
  });
  return rowOf({ pattern: 'queue', title: 'Message queue', gate, described: [], ...more });
}

function comparisonOf(more: Partial<Comparison>): Comparison {
  return {
    format: 'commbench-comparison',
    version: 1,
    verdict: 'equivalent',
    how: 'paired',
    margin: 0.05,
    baseline: { files: ['out/a.json'], title: 'service.processingMs=2', brokers: [] },
    candidate: { files: ['out/b.json'], title: 'service.processingMs=2.4', brokers: [] },
    factors: [{ what: 'service.processingMs', baseline: ['2'], candidate: ['2.4'] }],
    confounders: [],
    patterns: [rowOf({}), queueOf({})],
    notes: [],
    validity: validityFinding([]),
    ...more,
  };
}

function excludedFor(round: number, verdict: 'generator-bound' | 'disturbed'): TimeGate['excluded'][number] {
  return { round, file: null, side: 'candidate', why: { code: 'not-valid', verdict } };
}

export const COMPARISONS = {
  improved: comparisonOf({
    verdict: 'improved',
    patterns: [
      rowOf({
        verdict: 'improved',
        gate: gateOf({
          verdict: 'improved',
          interval: { ratio: 0.41, low: 0.38, high: 0.45, level: 0.98 },
          used: { baseline: 6, candidate: 6 },
        }),
      }),
      queueOf({}),
    ],
  }),
  equivalent: comparisonOf({}),
  regressed: comparisonOf({
    verdict: 'regressed',
    patterns: [
      rowOf({
        verdict: 'regressed',
        gate: gateOf({
          verdict: 'regressed',
          interval: { ratio: 1.21, low: 1.15, high: 1.28, level: 0.97 },
          used: { baseline: 16, candidate: 16 },
          excluded: [excludedFor(3, 'generator-bound'), excludedFor(9, 'disturbed')],
        }),
      }),
      queueOf({
        verdict: 'regressed',
        invariants: [
          { ...NONE_BROKEN[0]!, isBroken: true, candidate: { count: 3, of: 6000 } },
          NONE_BROKEN[1]!,
        ],
      }),
    ],
  }),
  inconclusive: comparisonOf({
    verdict: 'inconclusive',
    how: 'unpaired',
    factors: [],
    patterns: [
      rowOf({
        variant: '10 kB',
        verdict: 'inconclusive',
        gate: gateOf({
          verdict: 'inconclusive',
          interval: { ratio: 1.04, low: 0.91, high: 1.19, level: 0.95 },
          used: { baseline: 5, candidate: 4 },
          morePairs: 9,
          detectable: 1.31,
        }),
      }),
      queueOf({
        variant: '10 kB',
        verdict: 'inconclusive',
        invariants: [
          NONE_BROKEN[0]!,
          { ...NONE_BROKEN[1]!, baseline: { count: 0, of: 0 }, candidate: { count: 0, of: 0 } },
        ],
        gate: gateOf({
          figure: 'completion p50',
          verdict: 'inconclusive',
          interval: null,
          used: { baseline: 1, candidate: 1 },
          detectable: null,
        }),
      }),
    ],
    notes: [{ code: 'not-interleaved' }],
  }),
  'not-comparable': comparisonOf({
    verdict: 'not-comparable',
    how: 'unpaired',
    confounders: [
      { what: 'node', baseline: ['26.10.0'], candidate: ['24.6.0'], isDeclared: false },
      { what: 'rate of rest', baseline: ['200/s'], candidate: ['500/s'], isDeclared: true },
    ],
    patterns: [
      rowOf({ verdict: 'not-comparable' }),
      queueOf({ verdict: 'not-comparable', gate: null, invariants: [] }),
    ],
  }),
} as const;
