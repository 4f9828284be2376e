import { expositionText } from '../metrics/exposition.ts';
import { metricsOf } from '../metrics/families.ts';
import type { ReportFormat } from '../reporter.ts';

/** With the time at which the run ended, to fill a Prometheus with runs of the past. */
export const openmetrics: ReportFormat = {
  reporter: (report) => expositionText(metricsOf(report, 'openmetrics'), { isOpen: true }),
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
