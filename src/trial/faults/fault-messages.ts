import { isOneAnswer } from '../../contracts/interactions.ts';
import type { ApplicationFault, Strike } from '../../faults/fault.ts';
import { struck } from '../../faults/struck.ts';
import { NS_PER_MS } from '../../kernel/clock.ts';
import type { IntendedTimes } from '../../measure/figures/join.ts';
import { type Arrivals, outcomeAt } from '../../measure/logs/arrivals.ts';
import type { HopEvent, Injected } from '../../measure/logs/hop-log.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { EndedAttempt } from '../ended-attempts.ts';
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
  readonly sequences: readonly number[];
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
    sequences: window.filter((sequence) => (fanOut(sequence)[service] ?? 0) > 0),
    strike: (sequence, attempt, begun) =>
      fault.strike(
        struck({ seed: spec.seed, fault: planned.id }, { sequence, attempt, begun }),
        planned.options as never,
      ),
  };
  const injected = injectedOf(one).map(({ atNs }) => atNs);
  const planOf = one.sequences.map((sequence, begun) => one.strike(sequence, 1, begun));
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
 * The fault begins with the first message struck, and is observed when the first caller notices. Messages of its window
 * are struck whenever they come. A service that ended itself may be ready again only after the window.
 */
function instantsOf(
  one: Case,
  injected: readonly number[],
  observed: readonly number[] | null,
): Partial<FaultRecord> {
  const { planned, evidence } = one;
  const injectedNs = firstOf(injected, evidence);
  const observedNs = firstOf(observed ?? [], evidence);
  if (injectedNs === null) return { observedNs };
  const endNs = (planned.atMs + planned.forMs) * NS_PER_MS;
  const readyNs = ownEndsOf(one).map((end) => (end.readyNs ?? end.atNs) - evidence.arrivals.startNs);
  return { injectedNs, observedNs, liftedNs: endNs, readyNs: Math.max(endNs, ...readyNs) };
}

/** Folds, as there may be more instants than a call takes arguments. NaN, Infinity: not observed. */
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
  const within = new Set(one.sequences);
  const theirs = evidence.attempts.filter(({ edge, sequence }) => edges.has(edge) && within.has(sequence));
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

function observedByGenerator({ evidence: { arrivals }, sequences, strike }: Case): number[] {
  const seen = sequences.filter((i) => {
    const outcome = outcomeAt(arrivals, i);
    const by = strike(i, 1, Infinity);
    if (by?.kind === 'fail') return outcome === 'error';
    const tookNs = arrivals.acknowledgedNs[i]! - arrivals.dispatchedNs[i]!;
    return isSlow(by, outcome !== 'ok', tookNs);
  });
  return seen.map((i) => arrivals.acknowledgedNs[i]!);
}
