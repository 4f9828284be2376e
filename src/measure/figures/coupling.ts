import type { Coupling, Phase } from './figures.ts';

/** Fewer than this share served in the outage: tight. */
export const TIGHT_BELOW = 0.5;
/** Least share served, and finally done, that reads `loose`. */
export const LOOSE_FROM = 0.99;

/**
 * Temporal coupling (DESIGN 4): of the calls intended during the outage, the share correct within their deadline, and
 * the share of their work finally done.
 * @param outage the phase of the outage as observed, not as planned
 * @returns null where no call was intended in it: coupling is unknown
 */
export function couplingOf(outage: Pick<Phase, 'planned' | 'correct' | 'done'>): Coupling | null {
  const { planned: intended, correct: served, done: finallyDone } = outage;
  if (intended === 0) return null;
  return { intended, served, finallyDone, verdict: verdictOf(served / intended, finallyDone / intended) };
}

function verdictOf(served: number, finallyDone: number): Coupling['verdict'] {
  if (served < TIGHT_BELOW) return 'tight';
  return served >= LOOSE_FROM && finallyDone >= LOOSE_FROM ? 'loose' : 'partial';
}
