import type { Chart } from '../charts/chart.ts';
import type { Section } from '../view.ts';

/** What decides, for one screen; the whole report has the rest. */
export interface Screen {
  /** What was run, in a line. */
  readonly run: string;
  /** Empty where nothing was measured: then the findings say why. */
  readonly tables: readonly Section[];
  /** Shown where there is room. */
  readonly chart: Chart | null;
  /** Lines right below the tables. */
  readonly notes: readonly string[];
  /** The most important first. */
  readonly warnings: readonly ScreenWarning[];
  /** In sentences, the most important first. */
  readonly findings: readonly string[];
  /** Under which conditions a recommendation holds; null where there is none. */
  readonly scope: string | null;
  /** How many trials may be believed; null where nothing of the kind is known. */
  readonly validity: string | null;
  /** The command that prints more of it, with its options; null where none can. */
  readonly more: string | null;
}

export interface ScreenWarning {
  readonly text: string;
  readonly hint: string;
}
