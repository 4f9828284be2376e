import type { BetweenSessions } from '../../measure/stats/unpaired.ts';

/**
 * Spread of the medians of identical runs an hour or a day apart. Results that were not interleaved are widened by it,
 * unless their own folders show more. Two runs of `pattern-comparison` on one day differed less (0.07 over five
 * patterns), other machines more. The few degrees of freedom keep the interval wide.
 */
export const SESSION_NOISE: BetweenSessions = { deviation: 0.14, degrees: 9 };
