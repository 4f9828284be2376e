import type { Report } from '../../src/report/report.ts';
import type { Reporter, Surface } from '../../src/report/reporter.ts';
import { formatNames, loadReporter } from '../../src/report/reporters.ts';

/** Every format that is there, loaded. */
const reporters: Readonly<Record<string, Reporter>> = Object.fromEntries(
  await Promise.all(formatNames().map(async (name) => [name, await loadReporter(name)] as const)),
);

/** The whole report in a format, 120 columns wide unless it is said otherwise. */
export function printed(report: Report, format: string, more: Partial<Surface> = {}): string {
  const surface = { width: 120, height: 40, color: false, program: 'commbench', full: true, explain: false };
  return reporters[format]!(report, { ...surface, ...more });
}

/** A report without what stands around its findings and tables. */
export function bare(report: Report): Report {
  const { title } = report.meta;
  return {
    ...report,
    charts: [],
    caveats: { warnings: [], footnotes: [] },
    meta: { title, about: [], file: null, explanations: [], howToRead: [], fairness: [], rules: [] },
  };
}
