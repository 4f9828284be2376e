import type { StoredRecord } from './pages/stored.ts';

/** Reports that no committed result has: the same trials under thresholds. */
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
