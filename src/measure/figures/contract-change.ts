import { z } from 'zod';
import { NO_CONTENT_DIGEST } from '../logs/content-digest.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Effect } from '../logs/effect-log.ts';

const count = z.number().int();

/** Each planned call of a trial is in exactly one of these. */
export const contractCountsSchema = z.strictObject({
  /** Answered or confirmed, done by every subscriber, and stored as sent. */
  held: count,
  /** The caller got an error, and nothing was done: the service refused it. */
  refused: count,
  /** The reply did not fit the caller's version: its check found that. */
  caught: count,
  /** Accepted, not done by every subscriber, and dead-lettered by the broker. */
  deadLettered: count,
  /** Accepted, not done by every subscriber, and in no dead-letter queue. */
  skipped: count,
  /** Answered or confirmed and done, but stored otherwise than sent: nobody noticed. */
  silent: count,
  /** Any other outcome: a timeout, a lost connection, an error although it was done. */
  other: count,
});
export type ContractCounts = z.infer<typeof contractCountsSchema>;

/** Present in trials whose service serves a version of the contract by name. */
export const contractChangeSchema = z.strictObject({
  version: z.string(),
  /** What the version changes; null: nothing. */
  change: z.string().nullable(),
  counts: contractCountsSchema,
  /** Calls of `caught` that were stored otherwise than sent before their caller noticed. */
  caughtLate: count,
});
export type ContractChange = z.infer<typeof contractChangeSchema>;

export interface ContractEvidence {
  readonly trial: number;
  readonly arrivals: Arrivals;
  readonly effects: Iterable<Effect>;
  readonly subscribers: number;
  /** Sequences that the broker dead-lettered, by subscriber. */
  readonly deadLettered: readonly (readonly number[])[];
  /** Digest of the content that arrival `index` is to store; `NO_CONTENT_DIGEST`: none is compared. */
  readonly digestAt: (index: number) => number;
}

/** What became of the calls of a caller that has the first version, and who noticed (docs/DESIGN.md 4). */
export function contractFiguresOf(evidence: ContractEvidence): Pick<ContractChange, 'counts' | 'caughtLate'> {
  const { arrivals } = evidence;
  const works = workOf(evidence);
  const counts = { held: 0, refused: 0, caught: 0, deadLettered: 0, skipped: 0, silent: 0, other: 0 };
  let caughtLate = 0;
  for (let i = 0; i < arrivals.count; i++) {
    const work = works[i]!;
    switch (outcomeAt(arrivals, i)) {
      case 'ok':
        counts[acceptedAs(work)]++;
        break;
      case 'error':
        counts[work.doneBy.size === 0 ? 'refused' : 'other']++;
        break;
      case 'contract-broken':
        counts.caught++;
        if (work.isOtherwise) caughtLate++;
        break;
      default:
        counts.other++;
    }
  }
  return { counts, caughtLate };
}

/** What the subscribers did with one call. */
interface Work {
  readonly doneBy: Set<number>;
  isOtherwise: boolean;
  isDone: boolean;
  isDeadLettered: boolean;
}

function acceptedAs({ isOtherwise, isDone, isDeadLettered }: Work): keyof ContractCounts {
  if (isOtherwise) return 'silent';
  if (isDone) return 'held';
  return isDeadLettered ? 'deadLettered' : 'skipped';
}

function workOf({ trial, arrivals, effects, subscribers, deadLettered, digestAt }: ContractEvidence): Work[] {
  const works = Array.from({ length: arrivals.count }, (): Work => {
    return { doneBy: new Set(), isOtherwise: false, isDone: false, isDeadLettered: false };
  });
  for (const { trial: of, stage, sequence, subscriber, storedDigest } of effects) {
    const work = of === trial && stage === 'measured' ? works[sequence] : undefined;
    if (!work) continue;
    work.doneBy.add(subscriber);
    work.isDone = work.doneBy.size === subscribers;
    const expected = digestAt(sequence);
    if (expected !== NO_CONTENT_DIGEST && storedDigest !== expected) work.isOtherwise = true;
  }
  for (const sequences of deadLettered) {
    for (const sequence of sequences) if (works[sequence]) works[sequence].isDeadLettered = true;
  }
  return works;
}
