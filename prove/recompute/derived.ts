import type { StoredRecord } from './pages/stored.ts';

/** Reports that no committed result has: the same trials under thresholds, and two runs beside each other. */
export const THRESHOLDS_OF: Readonly<Record<string, readonly string[]>> = {
  'results/examples/pattern-comparison.json': [
    'response p50 < 0.9ms',
    'response p90 <= 1.5ms',
    'response p99.9 < 20ms',
    'completion p99 < 3ms',
    'events: completion p50 < 2ms',
    'goodput >= 199.9/s',
    'done-in-time >= 250/s',
    'failures < 0.1%',
    'lost == 0',
    'duplicates == 0',
    'phantom == 0',
    'out-of-order <= 10',
  ],
  'results/examples/circuit-breaker.json': [
    'failures < 20%',
    'response p50 < 100ms',
    'response p99 < 1s',
    'goodput >= 180/s',
    'recovery < 1s',
    'control: response p90 < 40ms',
    'breaker/control: failures < 1%',
    'lost == 0',
    'duplicates == 0',
  ],
};

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
  return { ...candidate, experiment: 'compare', design: { margin: 0.05 }, trials };
}
