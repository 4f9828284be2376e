import type { FigureUnit, FoundInterval } from '../analysis/finding.ts';
import type { BarSeries } from './charts/chart.ts';

/** One thing that was asked for, and what came of it. */
export interface Check {
  /** The row that it is of, by its title. */
  readonly suite: string;
  readonly name: string;
  /** skipped: nobody can say. error: it could not be asked at all. */
  readonly state: 'passed' | 'failed' | 'skipped' | 'error';
  /** In a word: `regressed`, `missed`. */
  readonly verdict: string;
  /** In a sentence, with its figures. */
  readonly text: string;
}

/** A table: one row per pattern. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Heading of the rows, if they are not patterns. */
  readonly head?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly SectionRow[];
  /** Rows are read one against the other: it stays a table however narrow the terminal is. */
  readonly isCompared?: true;
  /** The view's explanations stand behind it. */
  readonly isExplained?: true;
  /** For who asks on: terminals show it with the explanations only. */
  readonly isDetail?: true;
}

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Distinguishes rows of one title, and stands in their `part`. Such columns come first. */
  readonly isLabel?: true;
  /**
   * 1 decides and stays however narrow the screen is; the higher, the sooner it is dropped. Absent: only the
   * full report shows it.
   */
  readonly priority?: number;
}

export interface SectionRow {
  /** Id of the pattern; null for a row that only helps to read the others (an axis). */
  readonly pattern: string | null;
  readonly title: string;
  /** Tells several rows of one pattern apart; null where there is one. */
  readonly part: string | null;
  /** One per column. */
  readonly cells: readonly Cell[];
}

export type Unit = FigureUnit | 'text' | 'graph';

export interface Cell {
  readonly text: string;
  /** The figure behind the text, in `unit`; null where there is none. */
  readonly value: number | null;
  readonly unit: Unit;
  /** Range of the rounds, or a confidence interval. */
  readonly interval?: FoundInterval;
  /** A second, lesser line: the spread over rounds. */
  readonly below: string | null;
  readonly marks: readonly string[];
  /** Data behind the drawing in `text`, of unit `graph`. */
  readonly bars?: BarSeries;
  readonly tone: 'plain' | 'good' | 'bad' | 'weak';
}

export interface Footnote {
  readonly mark: string;
  readonly text: string;
}

/** A rule, and what came of it for each row. */
export interface Explanation {
  readonly title: string;
  readonly rule: string;
  readonly rows: readonly {
    readonly title: string;
    readonly figures: readonly string[];
    readonly verdict: string;
  }[];
}

export interface Warning {
  /** Stable name, for programs. */
  readonly code: string;
  readonly text: string;
  readonly hint: string;
}

export interface Facts {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export function textCell(text: string, more: Partial<Cell> = {}): Cell {
  return { text, value: null, unit: 'text', below: null, marks: [], tone: 'plain', ...more };
}

export const EMPTY_CELL = textCell('–', { tone: 'weak' });
