/**
 * Metrics as data, as OpenMetrics has them (https://prometheus.io/docs/specs/om/open_metrics_spec/): what one name
 * counts, and a value for each set of labels.
 */
export interface MetricFamily {
  /** Without its unit: `commbench_response`. */
  readonly name: string;
  /** A base unit, which ends the name in text formats; absent: the name says it all. */
  readonly unit?: MetricUnit;
  readonly type: 'gauge' | 'counter' | 'histogram' | 'info';
  readonly help: string;
  readonly points: readonly MetricPoint[];
}

export type MetricUnit = 'seconds' | 'bytes' | 'ratio' | 'per_second';

export interface MetricPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | MetricBuckets;
}

export interface MetricBuckets {
  /** Upper bounds, ascending, without infinity. */
  readonly bounds: readonly number[];
  /** Samples at or below each. */
  readonly atMost: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** All metrics of a report, with the time that they are of. */
export interface MetricSet {
  readonly startMs: number;
  readonly endMs: number;
  readonly families: readonly MetricFamily[];
}
