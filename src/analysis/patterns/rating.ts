/** The guides' columns that are judged. */
export type RatedProperty = 'latency' | 'complexity' | 'coupling';

export type RatingVerdict = 'supported' | 'contradicted' | 'inconclusive' | 'reference';

/** One cell of the guides' table: what they say, what was found, and all that led from the one to the other. */
export interface Rating {
  readonly claimed: string;
  /** In words, the most important first; empty where nothing could be told. */
  readonly measured: readonly string[];
  readonly verdict: RatingVerdict;
  /** The figure that decided, short; null where there is none. */
  readonly figure: string | null;
  /** Of `inconclusive`: why. */
  readonly reason: string | null;
  /** What must be said beside the figure. */
  readonly caution: string | null;
  /** Every figure that went into it, for --explain. */
  readonly figures: readonly string[];
}

export function rating(claimed: string, more: Partial<Rating> & Pick<Rating, 'verdict'>): Rating {
  return { claimed, measured: [], figure: null, reason: null, caution: null, figures: [], ...more };
}

/** `medium → low: disagree`, `low: agree`: an arrow only where something else was found than is said. */
export function ratingText({ claimed, measured, verdict }: Rating): string {
  const isSame = measured.every((word) => word === claimed);
  return `${claimed}${isSame ? '' : ` → ${measured.join(', ')}`}: ${verdict}`;
}
