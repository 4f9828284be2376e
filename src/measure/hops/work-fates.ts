import type { Nanoseconds } from '../../kernel/clock.ts';
import type { TopologyEdge } from '../../kernel/topology.ts';
import type { Effect } from '../logs/effect-log.ts';
import type { Execution } from '../logs/hop-log.ts';
import type { Timed } from './frame.ts';
import { type Ascent, fateOfFailure, type Lineage, type WorkFate } from './lineage.ts';

/** What decides on the work of all services together. */
export interface WorkEvidence {
  readonly lineage: Lineage;
  /** Of the topology; empty without one. */
  readonly edges: readonly TopologyEdge[];
  /** The generator waits for the first service's reply, not for a broker's confirm. */
  readonly isAnswered: boolean;
  /** Measured effects of this trial. */
  readonly effects: Iterable<Effect>;
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
  const results = resultsOf(executions, evidence.effects);
  const seen = new Set<string>();
  const fates = new Map<Execution, WorkFate>();
  for (const execution of inOrder(executions)) {
    const message = messageKey(execution);
    fates.set(execution, seen.has(message) ? 'repeated' : fateOf(execution, evidence, results));
    seen.add(message);
  }
  return fates;
}

function fateOf(
  { service, call, sequence }: Execution,
  evidence: WorkEvidence,
  results: ReadonlyMap<string, Nanoseconds>,
): WorkFate {
  const { path, givenUp } = evidence.lineage(call);
  if (givenUp !== null) return givenUp;
  const { outcome, isCorrect } = evidence.arrivalAt(sequence);
  if (!isCorrect) return fateOfFailure(outcome);
  const delivered = deliveredFor({ service, sequence }, path, evidence);
  if (delivered === undefined) return 'useful';
  const resultNs = results.get(delivered);
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

/** By message, the instant of its first effect. An effect is that of the latest execution begun before it. */
function resultsOf(executions: readonly Execution[], effects: Iterable<Effect>): Map<string, Nanoseconds> {
  const workOf = ({ sequence, attempt }: Effect | Execution, service: number) =>
    `${service}.${sequence}.${attempt}`;
  const begun = Map.groupBy(inOrder(executions), (execution) => workOf(execution, execution.service));
  const results = new Map<string, Nanoseconds>();
  for (const effect of [...effects].toSorted((a, b) => a.completedNs - b.completedNs)) {
    const open = begun.get(workOf(effect, effect.subscriber)) ?? [];
    const at = open.findLastIndex(({ atNs }) => atNs <= effect.completedNs);
    const [execution] = at === -1 ? [] : open.splice(at, 1);
    const message = execution && messageKey(execution);
    if (message !== undefined && !results.has(message)) results.set(message, effect.completedNs);
  }
  return results;
}

/** Logs of several processes are read one after the other. */
function inOrder(executions: readonly Execution[]): Execution[] {
  return executions.toSorted((a, b) => a.atNs - b.atNs);
}

/** One message to one service, however often it was delivered. */
function messageKey({ service, call, sequence }: Pick<Execution, 'service' | 'call' | 'sequence'>): string {
  return `${service}.${call}.${sequence}`;
}
