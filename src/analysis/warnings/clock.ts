import type { PatternResult } from '../patterns/pattern-result.ts';

/** Times of zero or less: clocks differ. */
export interface OddClock {
  readonly code: 'clock';
  readonly title: string;
  readonly samples: number;
}

export function oddClock({ record: { title }, series: { response, completion } }: PatternResult): OddClock[] {
  const samples = [...response.rounds, ...completion.rounds].reduce((n, series) => n + series.nonPositive, 0);
  return samples === 0 ? [] : [{ code: 'clock', title, samples }];
}
