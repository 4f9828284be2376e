import { isAnswered } from '../../contracts/interactions.ts';
import type { PatternRecord, Trial } from '../../record/record.ts';

/** Whether completed work is known: from our own log, or from a completion queue of the user's own. */
export function isWorkKnown({ evidence }: Pick<Trial, 'evidence'>): boolean {
  return evidence !== 'none';
}

/**
 * Whether the reply comes when the work is done. Otherwise it is accepted and done later: behind a broker, or behind a
 * service that replies so (202).
 */
export function isDoneByReply({
  interaction,
  completion,
}: Pick<PatternRecord, 'interaction' | 'completion'>): boolean {
  return isAnswered(interaction) && completion === null;
}
