import type { FigureUnit } from '../../analysis/finding.ts';

/**
 * A picture as a spec: what is drawn, in which units, on which scales. Formats draw it: as text in a terminal,
 * later as SVG in a page.
 */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly x: ChartAxis;
  /** Null where series are lanes one below the other. */
  readonly y: ChartAxis | null;
  readonly series: readonly ChartSeries[];
  /** Stretches of x in which something was the matter: faults. */
  readonly spans: readonly ChartSpan[];
}

/** A chart of the full report, with the id of the table behind which it stands. */
export interface PlacedChart extends Chart {
  readonly behind: string;
}

export interface ChartAxis {
  readonly title: string;
  readonly unit: FigureUnit;
  readonly scale: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
}

export interface ChartSpan {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

export type ChartSeries = PointSeries | BarSeries | StateSeries;

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
}

/** Bars that stand side by side, such as a histogram or a rate over time. */
export interface BarSeries {
  readonly kind: 'bars';
  readonly title: string;
  /** A bar without y stands where nothing is known. */
  readonly bars: readonly { readonly from: number; readonly to: number; readonly y: number | null }[];
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
