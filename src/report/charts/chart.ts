import type { FigureUnit } from '../../analysis/finding.ts';

/**
 * A picture as a spec: what is drawn, in which units, on which scales. Formats draw it: as text in a terminal, as SVG
 * in a page.
 */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** How to read it, in sentences. */
  readonly about?: string;
  readonly x: ChartAxis;
  /** Null where series are lanes one below the other. */
  readonly y: ChartAxis | null;
  readonly series: readonly ChartSeries[];
  /** Stretches of x in which something was the matter: faults. */
  readonly spans: readonly ChartSpan[];
  /** Values of x that matter. */
  readonly events?: readonly ChartEvent[];
}

/** A chart of the full report, with the id of the table behind which it stands. */
export interface PlacedChart extends Chart {
  readonly behind: string;
}

/** Place of a picture that belongs to the first screen of a page. */
export const FIRST_SCREEN = 'first-screen';

export interface ChartAxis {
  readonly title: string;
  readonly unit: FigureUnit;
  /** nines: of quantiles, -log10(1 - q): p90, p99 and p99.9 are equally far apart. */
  readonly scale: 'linear' | 'log' | 'nines';
  readonly from: number;
  readonly to: number;
}

export interface ChartSpan {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** A recovery, a knee. */
export interface ChartEvent {
  readonly title: string;
  readonly at: number;
  /** Title of the only series that it is of. */
  readonly of?: string;
}

export type ChartSeries = PointSeries | BarSeries | StateSeries | MarkSeries | GraphSeries;

/** A line through points. */
export interface PointSeries {
  readonly kind: 'points';
  readonly title: string;
  /** Ascending in x. */
  readonly points: readonly ChartPoint[];
  /** Values of x at which nothing valid was measured. */
  readonly gaps: readonly number[];
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Range of the rounds. */
  readonly interval?: readonly [low: number, high: number];
  /** The load was not sustained there: y shows a growing backlog. */
  readonly isSaturated?: true;
  /** Not valid: drawn hollow. */
  readonly isHollow?: true;
}

/** Bars that stand side by side, such as a histogram or a rate over time. */
export interface BarSeries {
  readonly kind: 'bars';
  readonly title: string;
  /** A bar without y stands where nothing is known. */
  readonly bars: readonly ChartBar[];
  /** Distinguishes lanes of one title. */
  readonly part?: string;
  /** The same without the fault. */
  readonly control?: readonly ChartBar[];
}

export interface ChartBar {
  readonly from: number;
  readonly to: number;
  readonly y: number | null;
}

/** States of something, from one change to the next. */
export interface StateSeries {
  readonly kind: 'states';
  readonly title: string;
  /** Before the first stay. */
  readonly initial: string;
  readonly stays: readonly ChartStay[];
}

export interface ChartStay {
  readonly state: string;
  readonly from: number;
  /** Infinity: until the end. */
  readonly to: number;
  readonly cause: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Figures with their intervals on one line: a lane. */
export interface MarkSeries {
  readonly kind: 'marks';
  readonly title: string;
  /** Distinguishes lanes of one title. */
  readonly part: string;
  readonly marks: readonly ChartMark[];
}

export interface ChartMark {
  readonly title: string;
  readonly x: number;
  readonly interval?: readonly [low: number, high: number];
  /** Not valid: drawn hollow. */
  readonly isHollow?: true;
}

/** Parts, and what goes from one to the other. */
export interface GraphSeries {
  readonly kind: 'graph';
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
}

export interface GraphNode {
  readonly id: string;
  /** Below its name. */
  readonly lines: readonly string[];
  /** It was struck, or it suffered. */
  readonly state: 'plain' | 'faulted' | 'harmed';
}

export interface GraphLink {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly string[];
  /** Share of calls that failed; null: there was none. */
  readonly lostShare: number | null;
}
