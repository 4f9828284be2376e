import type { Outcome } from '../kernel/outcome.ts';
import type { Attempt, AttemptEnd, HopEvent } from '../measure/logs/hop-log.ts';

/** An attempt from its caller's side, with its end. */
export interface EndedAttempt extends Omit<Attempt, 'type'> {
  /** Infinity: its end was never written. */
  readonly endedNs: number;
  readonly outcome: Outcome;
  /** Id of the fault that the service reported as the cause. */
  readonly fault: string | undefined;
}

export function endedAttempts(events: readonly HopEvent[]): EndedAttempt[] {
  const ends = new Map<number, AttemptEnd>();
  for (const event of events) if (event.type === 'ended') ends.set(event.call, event);
  return events.flatMap((event) => {
    if (event.type !== 'attempt') return [];
    const { type: _, ...attempt } = event;
    const end = ends.get(attempt.call);
    return {
      ...attempt,
      endedNs: end?.atNs ?? Infinity,
      outcome: end?.outcome ?? 'unfinished',
      fault: end?.fault,
    };
  });
}
