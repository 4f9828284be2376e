import { expositionText } from '../metrics/exposition.ts';
import { metricsOf } from '../metrics/families.ts';
import type { ReportFormat } from '../reporter.ts';

/** For Prometheus' text-file collector and push gateway. */
export const prometheus: ReportFormat = {
  reporter: (report) => expositionText(metricsOf(report, 'prometheus'), { isOpen: false }),
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
};
