import type { Finding } from '../analysis/finding.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { ExperimentRecord } from '../record/record.ts';
import type { PlacedChart } from './charts/chart.ts';
import type { Screen } from './screen/screen.ts';
import type { Check, Explanation, Facts, Footnote, Section, Warning } from './view.ts';

/** Everything that is printed of a measurement; a format is a pure function of it. */
export interface Report {
  /** One sentence each; the first is the headline. */
  readonly findings: readonly string[];
  /** The findings as data, for programs. */
  readonly found: readonly Finding[];
  readonly tables: readonly Section[];
  readonly charts: readonly PlacedChart[];
  /** Charts for formats that draw more than text can; absent: none. */
  readonly pictures?: readonly PlacedChart[];
  readonly caveats: Caveats;
  readonly meta: Meta;
  /** The rest of one screen, beside findings and warnings. */
  readonly screen: Screen;
  /** What it was made of, for formats of whole distributions; absent: of several records, or of none. */
  readonly record?: ExperimentRecord;
}

/** To be known before the figures are believed or compared. */
interface Caveats {
  readonly warnings: readonly Warning[];
  readonly footnotes: readonly Footnote[];
}

/** The measurement, its settings, and the rules of its verdicts. */
interface Meta {
  readonly title: string;
  /** The run, and its place. */
  readonly about: readonly string[];
  /** The result file; null where there is none. */
  readonly file: string | null;
  /** The command that measures it once more; absent: none does. */
  readonly repeat?: string;
  /** How each verdict was reached; empty where there is none. */
  readonly explanations: readonly Explanation[];
  readonly howToRead: readonly string[];
  readonly fairness: readonly Facts[];
  readonly rules: readonly string[];
  /** Counted by programs as passed or failed; absent if there is nothing to check. */
  readonly checks?: readonly Check[];
  /** For a comment: Markdown shows the first table only, and folds the rest. */
  readonly isBrief?: true;
}

/** The findings, and how many trials may be believed: the whole report begins with them. */
export function sentencesIn({ findings, screen: { validity } }: Report): string[] {
  return [...findings, ...(validity === null ? [] : [`${validity}.`])];
}

/**
 * The record behind a report, for a format that needs its histograms.
 * @throws CommbenchError bad-option: the report is of several records
 */
export function recordIn({ record }: Report, format: string): ExperimentRecord {
  if (record) return record;
  throw new CommbenchError(
    'bad-option',
    `--format ${format} cannot be used: this report is not of one result`,
    {
      hint: 'Use `commbench report FILE` with each result, or --format csv.',
    },
  );
}
