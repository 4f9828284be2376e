import type { Trial } from '../../src/record/record.ts';

/** Of each phase: what was due, and what went well. */
export function outcomesOf({ phases }: Trial): { planned: number; ok: number }[] {
  return phases.map(({ planned, outcomes }) => ({ planned, ok: outcomes.ok ?? 0 }));
}
