import type { PatternRecord } from '../../record/record.ts';

/** The place at which work was seen to be done; null where our own service did it. */
export function completionSourceNote({ completion }: PatternRecord): string | null {
  if (completion === null) return null;
  return `Observed at the ${completion}: includes the path to it, and its losses.`;
}
