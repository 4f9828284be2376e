import type { Finding } from '../analysis/finding.ts';
import type { PlacedChart } from './charts/chart.ts';
import type { Screen } from './screen/screen.ts';
import type { Check, Explanation, Facts, Footnote, Section, Warning } from './view.ts';

/** Everything that is said of a measurement; a format is a pure function of it. */
export interface Report {
  /** One sentence each; the first is the headline. */
  readonly findings: readonly string[];
  /** What was found as data, for programs. */
  readonly found: readonly Finding[];
  readonly tables: readonly Section[];
  readonly charts: readonly PlacedChart[];
  readonly caveats: Caveats;
  readonly meta: Meta;
  /** The same on one screen. */
  readonly screen: Screen;
}

/** What a reader must know before the figures are believed or compared. */
interface Caveats {
  readonly warnings: readonly Warning[];
  readonly footnotes: readonly Footnote[];
}

/** What was measured, how, and by which rules it is judged. */
interface Meta {
  readonly title: string;
  /** What was run, and where. */
  readonly about: readonly string[];
  /** The result file; null where there is none. */
  readonly file: string | null;
  /** How each verdict was reached; empty where there is none. */
  readonly explanations: readonly Explanation[];
  readonly howToRead: readonly string[];
  readonly fairness: readonly Facts[];
  readonly rules: readonly string[];
  /** What programs count as passed or failed; absent where nothing of the kind can be asked. */
  readonly checks?: readonly Check[];
  /** For a comment: Markdown shows the first table only, and folds the rest. */
  readonly isBrief?: true;
}
