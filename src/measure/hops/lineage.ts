import type { Attempt, AttemptEnd, Execution } from '../logs/hop-log.ts';

/** Attempts and executions that were part of a reply in time at the generator (DESIGN 5). */
export interface Lineage {
  /** Whether the work of attempt `call` was part of such a reply. @param call 0: the generator's own call */
  isUseful(call: number, sequence: number): boolean;
}

/**
 * From an attempt up to the root: its caller must have continued with each attempt on the path, and the arrival must
 * have been answered in time. A caller continues with one attempt of each of its calls: the first that ended ok. Over
 * a broker ok is the confirm, so work is useful if its arrival was accepted in time.
 */
export function lineageOf(
  attempts: readonly Attempt[],
  ends: ReadonlyMap<number, AttemptEnd>,
  isCorrect: (sequence: number) => boolean,
): Lineage {
  const taken = takenAttempts(attempts, ends);
  return {
    isUseful(call, sequence) {
      let at = call;
      while (at !== 0) {
        const attempt = taken.get(at);
        if (!attempt) return false;
        at = attempt.parent;
      }
      return isCorrect(sequence);
    },
  };
}

function takenAttempts(
  attempts: readonly Attempt[],
  ends: ReadonlyMap<number, AttemptEnd>,
): Map<number, Attempt> {
  const endNs = ({ call }: Attempt) => ends.get(call)!.atNs;
  const first = new Map<string, Attempt>();
  for (const attempt of attempts) {
    if (ends.get(attempt.call)?.outcome !== 'ok') continue;
    const known = first.get(callKey(attempt));
    if (!known || endNs(attempt) < endNs(known)) first.set(callKey(attempt), attempt);
  }
  return new Map([...first.values()].map((attempt) => [attempt.call, attempt]));
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

/** Executions that were useful: of several for one message (after redelivery), only the first can be. */
export function usefulExecutions(executions: readonly Execution[], lineage: Lineage): Execution[] {
  const seen = new Set<string>();
  return executions.filter(({ service, call, sequence }) => {
    const message = `${service}.${call}.${sequence}`;
    if (seen.has(message)) return false;
    seen.add(message);
    return lineage.isUseful(call, sequence);
  });
}
