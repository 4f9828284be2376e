import type { Outcome } from '../kernel/outcome.ts';
import { type Arrivals, outcomeAt } from '../measure/logs/arrivals.ts';
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

/** An arrival that was sent, as the attempt it is. */
export type SentArrival = Pick<EndedAttempt, 'sequence' | 'attempt' | 'atNs' | 'endedNs' | 'outcome'>;

/** Arrivals from the generator's side, which sends each once. */
export function sentArrivals(arrivals: Arrivals): SentArrival[] {
  return Array.from(arrivals.dispatchedNs, (atNs, sequence) => {
    const endedNs = arrivals.acknowledgedNs[sequence]!;
    return {
      sequence,
      attempt: 1,
      atNs,
      endedNs: Number.isNaN(endedNs) ? Infinity : endedNs,
      outcome: outcomeAt(arrivals, sequence),
    };
  }).filter(({ atNs }) => !Number.isNaN(atNs));
}
