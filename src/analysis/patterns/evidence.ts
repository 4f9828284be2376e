import { isAnswered } from '../../contracts/interactions.ts';
import type { PatternRecord, Trial } from '../../record/record.ts';

/** Whether it is known what of its work was done: from our own log, or from what came out of a queue of the user's own. */
export function isWorkKnown({ evidence }: Pick<Trial, 'evidence'>): boolean {
  return evidence !== 'none';
}

/** The reply comes when the work is done. Else it is accepted, and done later: behind a broker, or behind a service that says so (202). */
export function isDoneByReply({
  interaction,
  completion,
}: Pick<PatternRecord, 'interaction' | 'completion'>): boolean {
  return isAnswered(interaction) && completion === null;
}
