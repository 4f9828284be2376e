import type { BetweenSessions } from '../../../measure/stats/unpaired.ts';

/**
 * Scatter of a pattern's ratio to the reference between whole runs on one machine, as a standard deviation of logarithms.
 * Four ratios of two runs of `pattern-comparison` moved by 0.08, 0.06, 0.12 and 0.14: the root of half their mean square.
 * `npm run prove -- sessions` measures it anew (docs/evidence/sessions.txt).
 */
export const RATIO_SCATTER: BetweenSessions = { deviation: 0.074, degrees: 4 };
