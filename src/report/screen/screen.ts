import type { Chart } from '../charts/chart.ts';
import type { Section } from '../view.ts';

/** The parts of a report for one screen, beside its findings and warnings; the whole report has the rest. */
export interface Screen {
  /** The run in a line. */
  readonly run: string;
  /**
   * Drawn with the columns that have a priority. They may be tables of the report. Empty where nothing was measured:
   * then the findings state why.
   */
  readonly tables: readonly Section[];
  /** Shown where there is room. */
  readonly chart: Chart | null;
  /** Lines right below the tables. */
  readonly notes: readonly string[];
  /** Under which conditions a recommendation holds; null where there is none. */
  readonly scope: string | null;
  /** How many trials may be believed; null where nothing of the kind is known. */
  readonly validity: string | null;
  /** The command that prints more of it, with its options; null where none can. */
  readonly more: string | null;
}

/** A screen without anything beside its table. */
export const BARE = { chart: null, notes: [], scope: null, validity: null } as const;
