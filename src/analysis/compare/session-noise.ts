import type { BetweenSessions } from '../../measure/stats/unpaired.ts';

/**
 * How far the medians of identical runs lie apart an hour or a day later: what results that were not interleaved are
 * widened by, where their own folders do not tell more. The two runs of `pattern-comparison` in docs/evidence lie less
 * far apart (0.07 over their five rows), other machines further; so few degrees of freedom keep the interval wide.
 */
export const SESSION_NOISE: BetweenSessions = { deviation: 0.14, degrees: 9 };
