import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Topology, TopologyEdge } from '../../kernel/topology.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Series } from '../figures/figures.ts';
import { quantileUs, SeriesBuilder } from '../figures/histogram.ts';
import { type HealthWindow, OBJECTIVE_OF_P99, WINDOW_ARRIVALS } from './hop-figures.ts';
import type { IntendedTimes } from '../figures/join.ts';
import { phaseIndex, type PhaseSpan } from '../figures/phases.ts';

/** The phase before the first fault. */
const BASELINE = 'baseline';

export interface HopsEdge extends TopologyEdge {
  readonly transport: string;
  readonly interaction: string;
  /** Outermost first. */
  readonly policies: readonly { readonly policy: string }[];
}

export interface HopsTopology extends Topology {
  readonly edges: readonly HopsEdge[];
}

/** The position of each arrival of a trial, looked up once. */
export interface Frame {
  readonly startNs: Nanoseconds;
  readonly phases: readonly PhaseSpan[];
  /** By arrival: intended, from the start of the load. */
  readonly offsetNs: Float64Array;
  /** By arrival: index of its phase. */
  readonly phaseOf: Uint16Array;
  readonly deadlineNs: Nanoseconds;
  /** The declared objective; null: 1.5 times the baseline's p99. */
  readonly objectiveNs: Nanoseconds | null;
}

/** Something that belongs to an arrival, and so to the phase of its intended instant. */
export interface OfArrival {
  readonly sequence: number;
}

/** A call, or an arrival as the call it is. */
export interface Timed extends OfArrival {
  readonly outcome: Outcome;
  /** Duration until its end; NaN: unknown. */
  readonly tookNs: Nanoseconds;
  /** Ok, and in time. */
  readonly isCorrect: boolean;
}

export function frameOf(input: {
  readonly schedule: IntendedTimes;
  readonly arrivals: Arrivals;
  readonly phases: readonly PhaseSpan[];
  readonly deadlineNs: Nanoseconds;
  readonly objectiveNs: Nanoseconds | null;
}): Frame {
  const { schedule, arrivals, phases, deadlineNs, objectiveNs } = input;
  const offsetNs = Float64Array.from({ length: schedule.count }, (_, i) => schedule.intendedNs(i));
  const phaseOf = Uint16Array.from(offsetNs, (ns) => phaseIndex(phases, ns));
  return { startNs: arrivals.startNs, phases, offsetNs, phaseOf, deadlineNs, objectiveNs };
}

/** An arrival at the generator: response time, correct within the deadline (DESIGN 3.6). */
export function arrivalCall({ deadlineNs, offsetNs }: Frame, arrivals: Arrivals, sequence: number): Timed {
  const outcome = outcomeAt(arrivals, sequence);
  const tookNs = arrivals.acknowledgedNs[sequence]! - arrivals.startNs - offsetNs[sequence]!;
  return { sequence, outcome, tookNs, isCorrect: outcome === 'ok' && tookNs <= deadlineNs };
}

/** By the frame's phases; within a phase in the given order. */
export function byPhase<T extends OfArrival>(frame: Frame, all: readonly T[]): T[][] {
  return byPlace(frame, all, ({ sequence }) => frame.phaseOf[sequence]!);
}

/** @param placeOf index of the phase to which it belongs */
export function byPlace<T>({ phases }: Frame, all: readonly T[], placeOf: (one: T) => number): T[][] {
  const groups = phases.map((): T[] => []);
  for (const one of all) groups[placeOf(one)]!.push(one);
  return groups;
}

export function countsOf<T, K extends string>(
  all: readonly T[],
  keyOf: (one: T) => K,
): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const one of all) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1;
  return counts;
}

/** Times of one phase; events that did not happen (NaN) leave no sample. */
export function timesOf<T extends OfArrival>(
  { offsetNs }: Frame,
  { fromNs }: PhaseSpan,
  all: readonly T[],
  nsOf: (one: T) => Nanoseconds,
): Series {
  const series = new SeriesBuilder(fromNs);
  for (const one of all) {
    if (!Number.isNaN(nsOf(one))) series.record(nsOf(one), offsetNs[one.sequence]!);
  }
  return series.build();
}

/** The declared objective, else 1.5 times the p99 of ok calls in the baseline (DESIGN 5); null without any. */
export function objectiveOf(frame: Frame, calls: readonly Timed[]): Nanoseconds | null {
  if (frame.objectiveNs !== null) return frame.objectiveNs;
  const at = frame.phases.findIndex(({ name }) => name === BASELINE);
  if (at === -1) return null;
  const ok = byPhase(frame, calls)[at]!.filter(({ outcome }) => outcome === 'ok');
  const p99Us = quantileUs(
    timesOf(frame, frame.phases[at]!, ok, ({ tookNs }) => tookNs),
    0.99,
  );
  return p99Us === null ? null : Math.round(OBJECTIVE_OF_P99 * p99Us * 1000);
}

/** Fifty consecutive calls each, by the intended instants of their arrivals; the rest are a shorter one. */
export function windowsOf(
  { offsetNs }: Frame,
  calls: readonly Timed[],
  objectiveNs: Nanoseconds | null,
): HealthWindow[] {
  // Stable: calls of one arrival stay in order of begin.
  const inOrder = calls.toSorted((a, b) => offsetNs[a.sequence]! - offsetNs[b.sequence]!);
  const isGood = ({ isCorrect, tookNs }: Timed) => isCorrect && tookNs <= (objectiveNs ?? Infinity);
  const windows: HealthWindow[] = [];
  for (let at = 0; at < inOrder.length; at += WINDOW_ARRIVALS) {
    const some = inOrder.slice(at, at + WINDOW_ARRIVALS);
    windows.push({
      fromNs: offsetNs[some[0]!.sequence]!,
      toNs: offsetNs[some.at(-1)!.sequence]!,
      planned: some.length,
      healthy: some.filter(isGood).length,
    });
  }
  return windows;
}
