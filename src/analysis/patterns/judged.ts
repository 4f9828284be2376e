/** The guides' columns that are judged. */
export type Claim = 'latency' | 'complexity' | 'coupling';

export type Verdict = 'agree' | 'disagree' | "can't tell" | 'reference';

/** One cell of the guides' table: what they say, what was found, and all that led from the one to the other. */
export interface Judged {
  readonly said: string;
  /** In words, the most important first; empty where nothing could be told. */
  readonly found: readonly string[];
  readonly verdict: Verdict;
  /** The figure that decided, short; null where there is none. */
  readonly figure: string | null;
  /** Of `can't tell`: why. */
  readonly reason: string | null;
  /** What must be said beside the figure. */
  readonly caution: string | null;
  /** Every figure that went into it, for --explain. */
  readonly figures: readonly string[];
}

export function judged(said: string, more: Partial<Judged> & Pick<Judged, 'verdict'>): Judged {
  return { said, found: [], figure: null, reason: null, caution: null, figures: [], ...more };
}

/** `medium → low: disagree`, `low: agree`: an arrow only where something else was found than is said. */
export function judgedText({ said, found, verdict }: Judged): string {
  const isSame = found.every((word) => word === said);
  return `${said}${isSame ? '' : ` → ${found.join(', ')}`}: ${verdict}`;
}
