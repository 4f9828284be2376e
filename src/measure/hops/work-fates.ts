import type { Nanoseconds } from '../../kernel/clock.ts';
import type { TopologyEdge } from '../../kernel/topology.ts';
import type { Execution } from '../logs/hop-log.ts';
import type { Timed } from './frame.ts';
import { type Ascent, fateOfFailure, type Lineage, type WorkFate } from './lineage.ts';
import { byInstant, messageKey } from './results.ts';

/** What decides on the work of all services together. */
export interface WorkEvidence {
  readonly lineage: Lineage;
  /** Of the topology; empty without one. */
  readonly edges: readonly TopologyEdge[];
  /** The generator waits for the first service's reply, not for a broker's confirm. */
  readonly isAnswered: boolean;
  /** By message, the instant of its effect. */
  readonly results: ReadonlyMap<string, Nanoseconds>;
  /** An arrival as its caller saw it. */
  readonly arrivalAt: (sequence: number) => Timed;
  /** Instant on the monotonic clock after which a result of the arrival is late. */
  readonly deadlineAt: (sequence: number) => Nanoseconds;
}

/**
 * The fate of each execution, by one rule for both sides of a broker. The result of work that a caller waits for is the
 * reply at the generator; the result of work behind a broker, for which nobody waits, is the effect of the message that
 * the broker delivered. Either must come before the deadline of the arrival.
 */
export function workFates(
  executions: readonly Execution[],
  evidence: WorkEvidence,
): ReadonlyMap<Execution, WorkFate> {
  const seen = new Set<string>();
  const fates = new Map<Execution, WorkFate>();
  for (const execution of byInstant(executions)) {
    const message = messageKey(execution);
    fates.set(execution, seen.has(message) ? 'repeated' : fateOf(execution, evidence));
    seen.add(message);
  }
  return fates;
}

function fateOf({ service, call, sequence }: Execution, evidence: WorkEvidence): WorkFate {
  const { path, givenUp } = evidence.lineage(call);
  if (givenUp !== null) return givenUp;
  const { outcome, isCorrect } = evidence.arrivalAt(sequence);
  if (!isCorrect) return fateOfFailure(outcome);
  const delivered = deliveredFor({ service, sequence }, path, evidence);
  if (delivered === undefined) return 'useful';
  const resultNs = evidence.results.get(delivered);
  if (resultNs === undefined) return 'failed';
  return resultNs <= evidence.deadlineAt(sequence) ? 'useful' : 'late';
}

/** The message from a broker that the work was done for; undefined: a reply was waited for, up to the root. */
function deliveredFor(
  { service, sequence }: Pick<Execution, 'service' | 'sequence'>,
  path: Ascent['path'],
  { edges, isAnswered }: WorkEvidence,
): string | undefined {
  const queued = path.find(({ edge }) => !edges[edge]!.isAnswered);
  if (queued) return messageKey({ service: edges[queued.edge]!.to, call: queued.call, sequence });
  // Without a topology each subscriber has the generator's own message.
  return isAnswered ? undefined : messageKey({ service: path.length === 0 ? service : 0, call: 0, sequence });
}
