import { expect, test } from 'vitest';
import { viewOf } from '../../../src/report/view-of.ts';
import { readExposition } from '../../support/telemetry/exposition.ts';
import { otlpMetricsRequest } from '../../support/telemetry/otlp-schema.ts';
import { printed } from '../../support/reporters.ts';
import { completeResult } from '../../support/result.ts';

const report = viewOf(completeResult());
const { resourceMetrics } = otlpMetricsRequest.parse(JSON.parse(printed(report, 'otlp')));
const { resource, scopeMetrics } = resourceMetrics[0]!;
const metrics = scopeMetrics[0]!.metrics;

test('names the run, and who measured it', () => {
  const values = Object.fromEntries(
    resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
  );
  expect(values).toMatchObject({
    'service.name': 'commbench',
    'commbench.scenario': 'rest-vs-queue',
    'commbench.experiment': 'run',
  });
  expect(scopeMetrics[0]!.scope).toEqual({ name: 'commbench', version: '0.1.0' });
});

test('has what OpenMetrics has: as many points of each metric, the same sums and counts', () => {
  const families = readExposition(printed(report, 'openmetrics'), true).filter(({ type }) => type !== 'info');
  const names = families.map(({ name, unit }) =>
    name.replace(unit === undefined ? '' : `_${unit}`, '').replaceAll('_', '.'),
  );
  expect(metrics.map(({ name }) => name)).toEqual(names);
  for (const [i, metric] of metrics.entries()) {
    const { samples } = families[i]!;
    if ('histogram' in metric) {
      const counts = samples.filter(({ name }) => name.endsWith('_count')).map(({ value }) => String(value));
      expect(metric.histogram.dataPoints.map(({ count }) => count)).toEqual(counts);
      expect(metric.unit).toBe('s');
    } else {
      const { dataPoints } = 'sum' in metric ? metric.sum : metric.gauge;
      expect(dataPoints.map(({ asDouble }) => asDouble)).toEqual(samples.map(({ value }) => value));
    }
  }
});

test('is of the time of the run', () => {
  const [first] = metrics.flatMap((metric) => ('histogram' in metric ? metric.histogram.dataPoints : []));
  expect(first!.startTimeUnixNano).toBe(`${Date.parse('2026-11-02T10:00:00.000Z')}000000`);
  expect(BigInt(first!.timeUnixNano) > BigInt(first!.startTimeUnixNano)).toBe(true);
});
