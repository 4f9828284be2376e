import type { ResultRow } from '../patterns/row.ts';

/** Times of zero or less: the clock is not the same everywhere. */
export interface OddClock {
  readonly code: 'clock';
  readonly title: string;
  readonly samples: number;
}

export function oddClock({ pattern: { title }, response, completion }: ResultRow): OddClock[] {
  const samples = [...response.rounds, ...completion.rounds].reduce((n, series) => n + series.nonPositive, 0);
  return samples === 0 ? [] : [{ code: 'clock', title, samples }];
}
