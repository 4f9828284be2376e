import { type Distribution, distributionsIn } from '../../analysis/distributions/distributions.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { percentileDistribution } from '../../measure/figures/percentile-distribution.ts';
import { recordIn, type Report } from '../report.ts';
import type { NamedFile, ReportFormat } from '../reporter.ts';

/** The table of percentiles that HdrHistogram's plotters read (values in ms): one distribution a file, of all rounds. */
export const hgrm: ReportFormat = { reporter: onlyOne, files: filesOf };

function filesOf(report: Report): NamedFile[] {
  return distributionsIn(recordIn(report, 'hgrm').trials).map((distribution) => ({
    name: `${nameOf(distribution)}.hgrm`,
    text: percentileDistribution(distribution.series),
  }));
}

function onlyOne(report: Report): string {
  const [first, ...others] = filesOf(report);
  if (first && others.length === 0) return first.text;
  throw new CommbenchError(
    'bad-option',
    `--format hgrm cannot be printed: a file holds one distribution, and there are ${others.length + (first ? 1 : 0)}`,
    { hint: 'Name a folder for the files: commbench report FILE --report hgrm=FOLDER/' },
  );
}

function nameOf({ labels, figure }: Distribution): string {
  return [...Object.values(labels), figure].map((part) => part.replaceAll(/[^\w-]/g, '_')).join('.');
}
