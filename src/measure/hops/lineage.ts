import type { Outcome } from '../../kernel/outcome.ts';
import type { Attempt, AttemptEnd } from '../logs/hop-log.ts';

/**
 * The end of an execution's work (DESIGN 5). useful: part of a result that came in time. late: the result came after
 * the arrival's deadline, or to nobody who still waited. repeated: the same work counts once already. failed: whoever
 * waited was given a failure.
 */
export type WorkFate = 'useful' | 'late' | 'repeated' | 'failed';

/** Outcomes of a caller that no longer waits for what it asked for. */
const UNHEARD: readonly Outcome[] = ['timeout', 'connection-lost', 'unfinished'];

/** Fate of work that an ended call did not make useful. */
export function fateOfFailure(outcome: Outcome): WorkFate {
  return outcome === 'ok' || UNHEARD.includes(outcome) ? 'late' : 'failed';
}

/** Attempts above an execution, as far as their callers continued with them. */
export interface Ascent {
  /** Nearest first. */
  readonly path: readonly Attempt[];
  /** Fate below an attempt that its caller did not continue with; null: all up to the root were continued with. */
  readonly givenUp: Exclude<WorkFate, 'useful'> | null;
}

/** From an attempt up to the root. @param call 0: the generator's own call */
export type Lineage = (call: number) => Ascent;

/**
 * A caller continues with one attempt of each of its calls: the first that ended ok. Over a broker ok is the confirm.
 */
export function lineageOf(attempts: readonly Attempt[], ends: ReadonlyMap<number, AttemptEnd>): Lineage {
  const known = new Map(attempts.map((attempt) => [attempt.call, attempt]));
  const taken = takenAttempts(attempts, ends);
  const givenUpAt = (attempt: Attempt | undefined): Ascent['givenUp'] => {
    if (!attempt) return 'late';
    if (taken.has(callKey(attempt))) return 'repeated';
    const fate = fateOfFailure(ends.get(attempt.call)?.outcome ?? 'unfinished');
    return fate === 'failed' ? 'failed' : 'late';
  };
  return (call) => {
    const path: Attempt[] = [];
    let at = call;
    while (at !== 0) {
      const attempt = known.get(at);
      if (!attempt || taken.get(callKey(attempt)) !== attempt) return { path, givenUp: givenUpAt(attempt) };
      path.push(attempt);
      at = attempt.parent;
    }
    return { path, givenUp: null };
  };
}

/** By call: the attempt with which its caller continued. */
function takenAttempts(
  attempts: readonly Attempt[],
  ends: ReadonlyMap<number, AttemptEnd>,
): Map<string, Attempt> {
  const endNs = ({ call }: Attempt) => ends.get(call)!.atNs;
  const first = new Map<string, Attempt>();
  for (const attempt of attempts) {
    if (ends.get(attempt.call)?.outcome !== 'ok') continue;
    const known = first.get(callKey(attempt));
    if (!known || endNs(attempt) < endNs(known)) first.set(callKey(attempt), attempt);
  }
  return first;
}

/** Identity of one call's tries: all attempts on one edge for one message, however often it was delivered. */
export function callKey({
  edge,
  parent,
  sequence,
}: {
  readonly edge: number;
  readonly parent: number;
  readonly sequence: number;
}): string {
  return `${edge}.${parent}.${sequence}`;
}
