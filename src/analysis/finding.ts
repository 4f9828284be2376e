/**
 * One thing that a measurement shows, as data. `report/findings` has one template of words for each code;
 * programs read the data.
 */
export interface Finding {
  /** `fastest-response`, `success-in-fault`: kebab case, stable. */
  readonly code: string;
  /** What it is about, by id; the most important first. */
  readonly subject: readonly Subject[];
  readonly figures: readonly FoundFigure[];
  /** In one word where one was reached: `regressed`, `inconclusive`. */
  readonly verdict?: string;
  /** What is a word and no figure, by name: `claimed: low`. */
  readonly terms?: Readonly<Record<string, string>>;
  /** Why it may not be taken as it stands, in codes. */
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
  /** `response-p50`, `success-in-fault`. */
  readonly name: string;
  /** Id of the subject that it is of, where there are several. */
  readonly of?: string;
  /** Null where it was asked for and is not known. */
  readonly value: number | null;
  readonly unit: FigureUnit;
  readonly interval?: FoundInterval;
}

export type FigureUnit = 'us' | 'cpu-us' | 'ns' | 'per-s' | 'share' | 'count' | 'bytes' | 'ratio';

export interface FoundInterval {
  readonly low: number;
  readonly high: number;
  /** 0.95 of a confidence interval; absent where it is the range of the rounds. */
  readonly level?: number;
}

/** `noisy-host`, `too-few-rounds`, `saturated`: of one subject, or of the whole finding. */
export interface Caveat {
  readonly code: string;
  readonly of?: string;
  readonly figures?: readonly FoundFigure[];
}
