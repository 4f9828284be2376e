/**
 * One finding of a measurement, as data. `report/findings` has a text template for each code; programs read the data.
 */
export interface Finding {
  /** Stable and in kebab case: `fastest-response`, `success-in-fault`. */
  readonly code: string;
  /** Ids of its subjects, the most important first. */
  readonly subject: readonly Subject[];
  readonly figures: readonly FoundFigure[];
  /** The verdict in one word, where one was reached: `regressed`, `inconclusive`. */
  readonly verdict?: string;
  /** Terms that are words, not figures, by name: `claimed: low`. */
  readonly terms?: Readonly<Record<string, string>>;
  /** Reasons not to take it at face value, as codes. */
  readonly caveats: readonly Caveat[];
}

export interface Subject {
  readonly kind:
    | 'pattern'
    | 'variant'
    | 'operation'
    | 'service'
    | 'edge'
    | 'endpoint'
    | 'case'
    | 'fault'
    | 'threshold'
    | 'rating'
    | 'claim';
  readonly id: string;
}

export interface FoundFigure {
  /** Name of the figure: `response-p50`, `success-in-fault`. */
  readonly name: string;
  /** Id of the figure's subject, where there are several. */
  readonly of?: string;
  /** Null where it was asked for and is unknown. */
  readonly value: number | null;
  readonly unit: FigureUnit;
  readonly interval?: FoundInterval;
}

export type FigureUnit = 'us' | 'cpu-us' | 'ns' | 'per-s' | 'share' | 'count' | 'bytes' | 'ratio' | 'points';

export interface FoundInterval {
  readonly low: number;
  readonly high: number;
  /** Level of a confidence interval, e.g. 0.95; absent for the range of the rounds. */
  readonly level?: number;
}

/** A caveat on one subject or on the whole finding: `noisy-host`, `too-few-rounds`, `saturated`. */
export interface Caveat {
  readonly code: string;
  readonly of?: string;
  readonly figures?: readonly FoundFigure[];
}
