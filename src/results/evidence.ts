import type { PatternRecord, Trial } from './record.ts';

/** Whether it is known what of its work was done: from our own log, or from what came out of a queue of the user's own. */
export function isWorkKnown({ evidence }: Pick<Trial, 'evidence'>): boolean {
  return evidence !== 'none';
}

/** What every figure of done work is of, where it is not our own service that did it; null where it is. */
export function seenAt({ completion }: PatternRecord): string | null {
  if (completion === null) return null;
  return `As seen at the ${completion}: the way there is in it, and what was lost on any part of the way is lost.`;
}
