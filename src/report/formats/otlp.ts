import { metricsOf } from '../metrics/families.ts';
import { otlpMetrics } from '../metrics/otlp-metrics.ts';
import type { ReportFormat } from '../reporter.ts';

/** OTLP/JSON metrics, for the endpoint of a collector: `--report otlp=URL`. */
export const otlp: ReportFormat = {
  reporter: (report) => `${JSON.stringify(otlpMetrics(metricsOf(report, 'otlp')))}\n`,
  contentType: 'application/json',
};
