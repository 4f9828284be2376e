import type { BetweenSessions } from '../../../measure/stats/unpaired.ts';

/**
 * Scatter of a pattern's ratio to the reference between whole runs on one machine, as a standard deviation of logarithms.
 * Of five whole runs of `pattern-comparison`, four ratios each, by analysis of variance: what the runs' means scatter beyond
 * what their rounds explain, averaged over the ratios. `npm run prove -- sessions` measures it anew
 * (docs/evidence/sessions.txt).
 */
export const RATIO_SCATTER: BetweenSessions = { deviation: 0.078, degrees: 16 };
