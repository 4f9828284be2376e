import { isOneAnswer } from '../../contracts/interactions.ts';
import type { ApplicationFault, Strike } from '../../faults/fault.ts';
import { struck } from '../../faults/struck.ts';
import { NS_PER_MS } from '../../kernel/clock.ts';
import type { IntendedTimes } from '../../measure/figures/join.ts';
import type { Arrivals } from '../../measure/logs/arrivals.ts';
import type { HopEvent, Injected } from '../../measure/logs/hop-log.ts';
import type { FaultRecord } from '../../record/record.ts';
import { type EndedAttempt, type SentArrival, sentArrivals } from '../ended-attempts.ts';
import { windowOf } from '../../plan/fault-window.ts';
import { fanOutIn } from '../../plan/late-work.ts';
import type { OwnEnd } from '../../components/service/own-ends.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/** Evidence of a trial's faults. */
export interface FaultEvidence {
  readonly schedule: IntendedTimes;
  readonly arrivals: Arrivals;
  readonly events: readonly HopEvent[];
  readonly ownEnds: readonly OwnEnd[];
  /** Records of faults at instants, in the order of `spec.faults`; null for others. */
  readonly ran: readonly (FaultRecord | null)[];
}

interface Evidence extends FaultEvidence {
  readonly attempts: readonly EndedAttempt[];
}

/** One fault of the application layer, with its evidence. */
interface Case {
  readonly planned: PlannedFault;
  readonly spec: TrialSpec;
  readonly evidence: Evidence;
  /** Sequences in its window that reach its service. */
  readonly due: ReadonlySet<number>;
  readonly strikesBy: ApplicationFault['strikesBy'];
  /** Index of its service; 0 where there is no topology. */
  readonly service: number;
  /** The service's own decision for a message, whatever the timing. */
  readonly strike: (sequence: number, attempt: number, begun: number) => Strike | undefined;
}

/** Instants and counts of a fault that strikes messages. */
export function messageCounts(
  fault: ApplicationFault<never>,
  planned: PlannedFault,
  spec: TrialSpec,
  evidence: Evidence,
): Partial<FaultRecord> {
  const service = spec.system.topology?.services.findIndex(({ id }) => id === planned.on) ?? 0;
  const { from, to } = windowOf(planned, evidence.schedule);
  const fanOut = fanOutIn(spec);
  const window = Array.from({ length: to - from }, (_, i) => from + i);
  const one: Case = {
    planned,
    spec,
    evidence,
    service,
    due: new Set(window.filter((sequence) => (fanOut(sequence)[service] ?? 0) > 0)),
    strikesBy: fault.strikesBy,
    strike: (sequence, attempt, begun) =>
      fault.strike(
        struck({ seed: spec.seed, fault: planned.id }, { sequence, attempt, begun }),
        planned.options as never,
      ),
  };
  const injected = injectedOf(one);
  const planOf = Array.from(one.due, (sequence, begun) => one.strike(sequence, 1, begun));
  const kinds = new Set(planOf.flatMap((strike) => strike?.kind ?? []));
  const observed = kinds.has('end-before-ack') ? ownEndsOf(one).map(({ atNs }) => atNs) : observedOf(one);
  return {
    ...instantsOf(one, injected, observed),
    planned: planOf.filter((strike) => strike !== undefined).length,
    injected: injected.length,
    observed: observed?.length ?? null,
  };
}

function injectedOf({ planned, evidence: { events } }: Case): Injected[] {
  return events.filter((event) => event.type === 'injected').filter(({ fault }) => fault === planned.id);
}

/**
 * The fault begins with the first message struck, and is observed when the first caller notices. It is lifted as planned;
 * the service is ready when the last struck message is processed, or when it restarted after ending itself.
 */
function instantsOf(
  one: Case,
  injected: readonly Injected[],
  observed: readonly number[] | null,
): Partial<FaultRecord> {
  const { planned, evidence } = one;
  const injectedNs = firstOf(
    injected.map(({ atNs }) => atNs),
    evidence,
  );
  const observedNs = firstOf(observed ?? [], evidence);
  if (injectedNs === null) return { observedNs };
  const liftedNs = (planned.atMs + planned.forMs) * NS_PER_MS;
  const ends = [...injected.map((event) => strikeEndNs(one, event)), ...ownEndsOf(one).map(restartNs)];
  const readyNs = ends.reduce((latest, ns) => Math.max(latest, ns - evidence.arrivals.startNs), liftedNs);
  return { injectedNs, observedNs, liftedNs, readyNs };
}

/** End of a strike's own delay; the message's processing time follows. */
function strikeEndNs({ strike }: Case, { sequence, attempt, atNs }: Injected): number {
  const by = strike(sequence, attempt, Infinity);
  return by?.kind === 'delay' || by?.kind === 'hang' ? atNs + by.ms * NS_PER_MS : atNs;
}

function restartNs({ readyNs, atNs }: OwnEnd): number {
  return readyNs ?? atNs;
}

/** Folds, as there may be more instants than a call takes arguments. Infinity: its instant was not observed. */
function firstOf(instants: readonly number[], { arrivals }: Evidence): number | null {
  const first = instants.reduce((least, atNs) => (atNs < least ? atNs : least), Infinity);
  return first === Infinity ? null : first - arrivals.startNs;
}

/** Ends observed from outside of the service. */
function ownEndsOf({ planned, evidence }: Case): OwnEnd[] {
  return evidence.ownEnds.filter(({ fault }) => fault === planned.id);
}

/**
 * Instants at which callers noticed, try by try. null: no caller waits for the service's reply.
 * The generator gets no fault names: its arrivals count if they ended as the strike makes them end.
 */
function observedOf(one: Case): number[] | null {
  const { spec, service, evidence } = one;
  if (service === 0) return isOneAnswer(spec.system.pattern.interaction) ? observedByGenerator(one) : null;
  const edges = new Set(
    spec.system.topology!.edges.flatMap(({ to, isAnswered }, i) => (to === service && isAnswered ? [i] : [])),
  );
  if (edges.size === 0) return null;
  const theirs = evidence.attempts.filter((attempt) => edges.has(attempt.edge) && canBeStruck(one, attempt));
  return theirs.filter((attempt) => isObserved(one, attempt)).map(({ endedNs }) => endedNs);
}

function isObserved({ planned, strike }: Case, attempt: EndedAttempt): boolean {
  if (attempt.fault === planned.id) return true;
  const { sequence, attempt: number, outcome, atNs, endedNs } = attempt;
  return isSlow(strike(sequence, number, Infinity), outcome !== 'ok', endedNs - atNs);
}

/** A delay is noticed by a caller that waited that long, or gave up before; a hang by one that gave up. */
function isSlow(by: Strike | undefined, hasFailed: boolean, tookNs: number): boolean {
  if (by?.kind === 'hang') return hasFailed;
  return by?.kind === 'delay' && (hasFailed || tookNs >= by.ms * NS_PER_MS);
}

/** Whether a message of this call may have been struck, as far as its caller knows. */
function canBeStruck(one: Case, { sequence, atNs, endedNs }: SentArrival): boolean {
  if (one.strikesBy === 'arrival') return one.due.has(sequence);
  const { planned, evidence } = one;
  const fromNs = evidence.arrivals.startNs + planned.atMs * NS_PER_MS;
  return endedNs >= fromNs && atNs < fromNs + planned.forMs * NS_PER_MS;
}

/** Of its calls those that ended as the strike makes them end. */
function observedByGenerator(one: Case): number[] {
  const calls = sentArrivals(one.evidence.arrivals).filter((call) => canBeStruck(one, call));
  const observed = calls.filter(({ sequence, attempt, outcome, atNs, endedNs }) => {
    const by = one.strike(sequence, attempt, Infinity);
    return by?.kind === 'fail' ? outcome === 'error' : isSlow(by, outcome !== 'ok', endedNs - atNs);
  });
  return observed.map(({ endedNs }) => endedNs);
}
