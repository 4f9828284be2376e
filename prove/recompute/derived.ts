import type { StoredRecord } from './pages/stored.ts';

/** Reports that no committed result has: the same trials under thresholds, and two runs beside each other. */

const ON_COUNTS = [
  'lost == 0',
  'duplicates == 0',
  'phantom == 0',
  'out-of-order <= 10',
  'dead-lettered == 0',
];

const WITHOUT_FAULTS = [
  'response p50 < 0.9ms',
  'response p90 <= 1.5ms',
  'response p99.9 < 20ms',
  'completion p99 < 3ms',
  'goodput >= 199.9/s',
  'done-in-time >= 250/s',
  'failures < 0.1%',
];

const WITH_FAULTS = [
  'failures < 20%',
  'response p50 < 100ms',
  'response p99 < 1s',
  'goodput >= 180/s',
  'recovery < 1s',
  'control: response p90 < 40ms',
];

/** Some that are met and some that are missed, on all patterns and on one of them. */
export function thresholdsFor({ scenario, patterns, design }: StoredRecord): string[] {
  const isFaulted = (design.order ?? []).some(({ kind }) => kind === 'fault');
  const variants = scenario.variants ?? [];
  return isFaulted
    ? [...WITH_FAULTS, ...variants.slice(0, 2).map(({ id }) => `${id}/control: failures < 1%`), ...ON_COUNTS]
    : [...WITHOUT_FAULTS, ...patterns.slice(-1).map(({ id }) => `${id}: completion p50 < 2ms`), ...ON_COUNTS];
}

export function withThresholds(record: StoredRecord, thresholds: readonly string[]): StoredRecord {
  return { ...record, scenario: { ...record.scenario, thresholds } };
}

export const COMPARED = [
  'docs/evidence/pattern-comparison-1.json',
  'results/examples/pattern-comparison.json',
] as const;

/** Both runs as the sides of one record. */
export function sidesOf(baseline: StoredRecord, candidate: StoredRecord): StoredRecord {
  const trials = [
    ...baseline.trials.map((trial) => ({ ...trial, arm: 'a' as const })),
    ...candidate.trials.map((trial) => ({ ...trial, arm: 'b' as const })),
  ];
  const sideOf = ({ scenario, patterns, design }: StoredRecord) => {
    return { scenario, patterns, order: design.order ?? [] };
  };
  const design = { margin: 0.05, arms: { a: sideOf(baseline), b: sideOf(candidate) } };
  return { ...candidate, experiment: 'compare', design, trials };
}
