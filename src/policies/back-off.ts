import { draw } from '../kernel/random.ts';

export const BACK_OFFS = ['none', 'constant', 'exponential', 'full-jitter', 'decorrelated-jitter'] as const;

export interface BackOff {
  readonly backOff: (typeof BACK_OFFS)[number];
  readonly baseMs: number;
  readonly maxMs: number;
  readonly firstAtOnce: boolean;
}

/** Identity of a wait, on which its draw depends. */
export interface WaitPlace {
  readonly seed: number;
  readonly purpose: string;
  readonly sequence: number;
  /** Number of the attempt in all of its path, so that tries of repeated calls don't draw alike. */
  readonly attempt: number;
}

/**
 * The wait before retry n = 1, 2, 3, ..., in ms, never above `maxMs`:
 *
 *     none                  0
 *     constant              base
 *     exponential           base × 2^(n−1)
 *     full-jitter           uniform in [0, base × 2^(n−1))
 *     decorrelated-jitter   uniform in [base, 3 × the previous wait), base before retry 1
 *
 * Both jitters: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param beforeMs the wait before the previous retry; 0 where there was none
 */
export function backOffMs(rule: BackOff, n: number, beforeMs: number, place: WaitPlace): number {
  const { backOff, baseMs, maxMs, firstAtOnce } = rule;
  if (n === 1 && firstAtOnce) return 0;
  const x = (): number => draw(place.seed, place.purpose, place.sequence, place.attempt);
  const doubledMs = Math.min(maxMs, baseMs * 2 ** (n - 1));
  switch (backOff) {
    case 'none':
      return 0;
    case 'constant':
      return Math.min(maxMs, baseMs);
    case 'exponential':
      return doubledMs;
    case 'full-jitter':
      return x() * doubledMs;
    case 'decorrelated-jitter':
      return Math.min(maxMs, baseMs + x() * (3 * Math.max(baseMs, beforeMs) - baseMs));
  }
}
