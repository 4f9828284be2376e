import type { PatternRecord } from '../../record/record.ts';

/** The place at which work was seen to be done; null where our own service did it. */
export function completionSourceNote({ completion }: PatternRecord): string | null {
  if (completion === null) return null;
  return `As seen at the ${completion}: the way there is in it, and what was lost on any part of the way is lost.`;
}
