import { otlpAttributes, otlpResource, otlpScope, otlpTime } from '../../kernel/telemetry/otlp.ts';
import type { MetricBuckets, MetricFamily, MetricPoint, MetricSet, MetricUnit } from './family.ts';

/** UCUM, as OpenTelemetry's conventions have it. */
const UNITS: Readonly<Record<MetricUnit, string>> = {
  seconds: 's',
  bytes: 'By',
  ratio: '1',
  per_second: '1/s',
};
/** AGGREGATION_TEMPORALITY_CUMULATIVE: all since the run began. */
const CUMULATIVE = 2;

/** Metrics as the body of an OTLP request (`/v1/metrics`). */
export function otlpMetrics(set: MetricSet) {
  const info = set.families.find(({ type }) => type === 'info')?.points[0]?.labels ?? {};
  const named = Object.entries(info).map(([name, value]) => [`commbench.${name}`, value] as const);
  const metrics = set.families.filter(({ type }) => type !== 'info').map((family) => metricOf(family, set));
  return {
    resourceMetrics: [
      {
        resource: otlpResource('commbench', Object.fromEntries(named)),
        scopeMetrics: [{ scope: otlpScope(info['version'] ?? ''), metrics }],
      },
    ],
  };
}

function metricOf({ name, unit, help, type, points }: MetricFamily, set: MetricSet) {
  const dataPoints = points.map((point) => dataPoint(point, set));
  const data =
    type === 'histogram'
      ? { histogram: { aggregationTemporality: CUMULATIVE, dataPoints } }
      : type === 'counter'
        ? { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } }
        : { gauge: { dataPoints } };
  return { name: name.replaceAll('_', '.'), description: help, unit: unit ? UNITS[unit] : '', ...data };
}

function dataPoint({ labels, value }: MetricPoint, { startMs, endMs }: MetricSet) {
  const times = { startTimeUnixNano: otlpTime(startMs), timeUnixNano: otlpTime(endMs) };
  const own = typeof value === 'number' ? { asDouble: value } : bucketsOf(value);
  return { attributes: otlpAttributes(labels), ...times, ...own };
}

/** Each bucket by itself, the last one without a bound. */
function bucketsOf({ bounds, atMost, count, sum }: MetricBuckets) {
  const upTo = [...atMost, count];
  return {
    count: String(count),
    sum,
    explicitBounds: bounds,
    bucketCounts: upTo.map((n, i) => String(n - (upTo[i - 1] ?? 0))),
  };
}
